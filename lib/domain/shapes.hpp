// The shapes of the four kinds of resources: how their typed structs are read from JSON and written
// as it.
#pragma once

#include <verso/domain/action.hpp>
#include <verso/domain/definition.hpp>
#include <verso/domain/parameter.hpp>
#include <verso/domain/trigger.hpp>

#include "domain/json_outline.hpp"
#include "domain/json_writer.hpp"
#include "domain/object_reader.hpp"

namespace verso {

/// Reads one of the four structs from a document's root. What is wrong goes to `findings`, and is
/// read as if it were missing. Arrays keep an item for each element, so that elements and items
/// pair by position.
template <class Shape>
[[nodiscard]] Shape read_shape(JsonView root, Findings& findings);

template <>
[[nodiscard]] Action read_shape<Action>(JsonView root, Findings& findings);
template <>
[[nodiscard]] Trigger read_shape<Trigger>(JsonView root, Findings& findings);
template <>
[[nodiscard]] Definition read_shape<Definition>(JsonView root, Findings& findings);
template <>
[[nodiscard]] Parameter read_shape<Parameter>(JsonView root, Findings& findings);

/// Writes every member that the struct has, in the natural order: equal structs give equal texts.
void write_shape(JsonWriter& json, const Action& action);
void write_shape(JsonWriter& json, const Trigger& trigger);
void write_shape(JsonWriter& json, const Definition& definition);
void write_shape(JsonWriter& json, const Parameter& parameter);

}  // namespace verso
