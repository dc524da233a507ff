"""Reading volumes and arrays: NIfTI, NumPy and DICOM files, told by their content."""
