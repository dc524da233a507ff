"""A study of the network on screen over a folder of images, run by a child process."""
