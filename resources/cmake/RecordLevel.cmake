# Writes a header with the fingerprint of the sources in FILES: what the record level has taught is worth nothing to
# another record level. Run by cmake -P with FILES (separated by commas) and OUTPUT.
string(REPLACE "," ";" FILES "${FILES}")
set(all "")
foreach(file ${FILES})
  file(SHA256 "${file}" hash)
  string(APPEND all "${hash}")
endforeach()
string(SHA256 fingerprint "${all}")
file(WRITE "${OUTPUT}" "#pragma once\nnamespace headroom::sim {\n/// Fingerprint of the record level's sources.\ninline constexpr char record_level[] = \"${fingerprint}\";\n}  // namespace headroom::sim\n")
