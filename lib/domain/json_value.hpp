// Between JSON text and Boost.JSON's values, exactly: doubles are read correctly rounded and
// written in the shortest form that reads back as the same double. (Boost.JSON 1.81 does neither.)
#pragma once

#include "domain/json_outline.hpp"
#include "domain/json_writer.hpp"

#include <boost/json/value.hpp>

namespace verso {

/// The value that a view shows: integers as std::int64_t or std::uint64_t where they fit, else as
/// double.
[[nodiscard]] boost::json::value to_value(JsonView view);

/// Writes a value. Fails with document_invalid where it holds infinity, NaN or a string that is not
/// valid UTF-8.
void write_value(JsonWriter& json, const boost::json::value& value);

}  // namespace verso
