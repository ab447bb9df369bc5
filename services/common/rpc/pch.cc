// Only here so that the headers below in the folder's CMakeLists.txt are compiled once.
