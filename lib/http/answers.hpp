// Responses: values as JSON, with the headers that all answers share.
#pragma once

#include <verso/http.hpp>

#include "domain/json_writer.hpp"
#include "domain/resource_json.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace verso::http {

/// An answer with a body.
[[nodiscard]] Response json_answer(unsigned status, std::string body);
/// 204.
[[nodiscard]] Response empty_answer();

/// The answer with one more header.
[[nodiscard]] Response with_header(Response response, std::string_view name, std::string value);
[[nodiscard]] Response with_tag(Response response, std::uint64_t revision);

/// The path of a thing, of its segments below that of the organisation's connections.
[[nodiscard]] std::string path_of(OrganisationId organisation,
                                  std::initializer_list<std::string_view> segments);

/// The items as an array.
template <class Item>
void write_items(JsonWriter& json, const std::vector<Item>& items) {
    json.begin_array();
    for (const Item& item : items) json.raw(to_json(item));
    json.end_array();
}

/// `{KEY: [...], "totalCount", "next"?, "prev"?}`
template <class Item>
[[nodiscard]] std::string page_json(std::string_view key, const Page<Item>& page) {
    JsonWriter json;
    json.begin_object().key(key);
    write_items(json, page.items);
    json.key("totalCount").number(page.total_count);
    if (page.next) json.key("next").string(*page.next);
    if (page.prev) json.key("prev").string(*page.prev);
    json.end_object();
    return std::move(json).take();
}

}  // namespace verso::http
