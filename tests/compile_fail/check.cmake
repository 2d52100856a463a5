# SPDX-License-Identifier: MIT
# cmake -D SOURCE=case.cpp -D "COMPILE=compiler;flags" -P check.cmake
# A case starts with lines `// expects: text`. With PARTON_CONTROL defined it must compile, so that
# it fails for its own reason; without, it must not compile, and the compiler must say each text.
# `// expects: a | b` is for compilers with words of their own: one of them is enough.

cmake_minimum_required(VERSION 3.25)

set(expected)
file(STRINGS "${SOURCE}" lines REGEX "^// expects: ")
foreach(line IN LISTS lines)
  string(REGEX REPLACE "^// expects: " "" line "${line}")
  list(APPEND expected "${line}")
endforeach()
if(NOT expected)
  message(FATAL_ERROR "no line '// expects: text' in ${SOURCE}")
endif()

execute_process(COMMAND ${COMPILE} -DPARTON_CONTROL "${SOURCE}" RESULT_VARIABLE status
                OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT status EQUAL 0)
  message("${output}")
  message(FATAL_ERROR "the control variant does not compile: ${SOURCE}")
endif()

execute_process(COMMAND ${COMPILE} "${SOURCE}" RESULT_VARIABLE status
                OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(status EQUAL 0)
  message(FATAL_ERROR "compiles, but must not: ${SOURCE}")
endif()
foreach(text IN LISTS expected)
  set(said FALSE)
  string(REPLACE " | " ";" alternatives "${text}")
  foreach(alternative IN LISTS alternatives)
    string(FIND "${output}" "${alternative}" position)
    if(NOT position EQUAL -1)
      set(said TRUE)
    endif()
  endforeach()
  if(NOT said)
    message("${output}")
    message(FATAL_ERROR "does not compile, but the compiler does not say '${text}': ${SOURCE}")
  endif()
endforeach()
