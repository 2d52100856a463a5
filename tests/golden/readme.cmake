# SPDX-License-Identifier: MIT
# cmake -D SOURCE_DIR=... -D README=... -P readme.cmake
# README.md shows nothing that is not built and run: each ```cpp block is a part of a file in
# examples/, and each ```text block a part of a committed output in tests/golden/.

cmake_minimum_required(VERSION 3.25)

file(READ "${README}" readme)
foreach(case IN ITEMS "cpp|examples/*.cpp" "text|tests/golden/*.txt")
  string(REPLACE "|" ";" case "${case}")
  list(GET case 0 language)
  list(GET case 1 glob)
  file(GLOB files "${SOURCE_DIR}/${glob}")

  set(rest "${readme}")
  while(TRUE)
    string(FIND "${rest}" "\n```${language}\n" begin)
    if(begin EQUAL -1)
      break()
    endif()
    string(LENGTH "\n```${language}\n" fence)
    math(EXPR begin "${begin} + ${fence}")
    string(SUBSTRING "${rest}" ${begin} -1 rest)
    string(FIND "${rest}" "\n```" end)
    string(SUBSTRING "${rest}" 0 ${end} block)

    set(found FALSE)
    foreach(file IN LISTS files)
      file(READ "${file}" content)
      string(FIND "${content}" "${block}\n" position)
      if(NOT position EQUAL -1)
        set(found TRUE)
        break()
      endif()
    endforeach()
    if(NOT found)
      message("${block}")
      message(FATAL_ERROR "This ${language} block of ${README} is in no file ${glob}")
    endif()
  endwhile()
endforeach()
