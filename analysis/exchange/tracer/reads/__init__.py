"""Tries calls of a program to find which rows of their input they read."""
