# SPDX-License-Identifier: MIT
# For scripts of tests that need a package of npm.

# parton_npm_package(PACKAGE FOLDER): sets NODE, once the package is in the folder's node_modules; it
# is installed at the first time, without its scripts. Sets NODE_SKIPPED to the reason if it cannot.
function(parton_npm_package package folder)
  set(NODE_SKIPPED "" PARENT_SCOPE)
  find_program(NODE node)
  find_program(NPM npm)
  if(NOT NODE OR NOT NPM)
    set(NODE_SKIPPED "node or npm was not found. Debian and Ubuntu: apt-get install nodejs npm"
        PARENT_SCOPE)
    return()
  endif()
  set(NODE "${NODE}" PARENT_SCOPE)
  string(REGEX REPLACE "(.)@.*" "\\1" name "${package}")
  # The mark is written last, so that half an installation does not count.
  string(MAKE_C_IDENTIFIER "installed_${package}" mark)
  if(EXISTS "${folder}/node_modules/${name}" AND EXISTS "${folder}/${mark}")
    return()
  endif()
  file(MAKE_DIRECTORY "${folder}")
  file(WRITE "${folder}/package.json" "{\"private\": true}\n")
  execute_process(COMMAND "${NPM}" install --ignore-scripts --no-audit --no-fund --no-progress
                          ${package}
                  WORKING_DIRECTORY "${folder}" RESULT_VARIABLE result OUTPUT_VARIABLE output
                  ERROR_VARIABLE output TIMEOUT 300)
  if(result EQUAL 0)
    file(WRITE "${folder}/${mark}" "")
  else()
    set(NODE_SKIPPED "npm could not install ${package}: ${result}\n${output}" PARENT_SCOPE)
  endif()
endfunction()
