"""The dialog that exports a figure of the network, with a preview of just what comes out."""
