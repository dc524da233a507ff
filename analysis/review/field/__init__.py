"""Rules about what a layer sees: too little, more than there is, nothing new."""
