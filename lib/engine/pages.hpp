// Lists cut into pages by the keys of their items.
#pragma once

#include <verso/page.hpp>

#include "domain/bytes.hpp"
#include "domain/visitor.hpp"
#include "engine/view.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso::engine {

/// Which list a cursor is good for. Part of every cursor; cursors outlive the process. Resources
/// have the tag `resources` plus their kind.
enum class ListTag : std::uint8_t {
    connections = 1,
    versions = 2,
    changes = 3,
    commits = 4,
    resources = 16
};

/// An item of a list: its key, which is its place in it, and a value to make it of.
struct ListedItem {
    std::string key;
    std::string value;
};

/// A list whose items have keys.
struct KeyedList {
    enum class Direction { forward, backward };

    ListTag tag;
    std::size_t key_bytes;  ///< Of every key; 0: of any length.
    /// Calls visitor(key, value) for the items behind `from` (not itself; none: from the end of the
    /// list that the direction comes from) until it answers false.
    std::function<void(const std::optional<std::string>& from, Direction direction,
                       Visitor<BytesView, BytesView> visitor)>
        walk;
};

/// An organisation's connections, oldest first.
[[nodiscard]] KeyedList connections_list(View& view, OrganisationId organisation);
/// A connection's versions, the most recently updated first; values are the digests of their names.
[[nodiscard]] KeyedList versions_list(View& view, ConnectionId connection);
/// Resources whose name passes the filter, in order of name; keys are names, values those of tree
/// entries.
[[nodiscard]] KeyedList resources_list(View& view, const tree::Root& root, Kind kind,
                                       std::string filter);

/// The cursor of an item.
[[nodiscard]] std::string encode_cursor(ListTag tag, std::string_view key);
/// The key of the item that a cursor is of. Fails with cursor_invalid, under the field's name, for
/// one of another list or with a key of another length (0: of any).
[[nodiscard]] std::string decode_cursor(ListTag tag, std::size_t key_bytes, std::string_view field,
                                        std::string_view text);

/// Fails with option_invalid unless a page of that size can be had.
void check_page_size(std::size_t first);

/// O(items).
[[nodiscard]] std::uint64_t count_items(const KeyedList& list);

/// The keys and values of one page, and its cursors. `total_count` is left to the caller.
///
/// Failures:   option_invalid, cursor_invalid.
/// Complexity: O(items of the page) steps of the list.
[[nodiscard]] Page<ListedItem> cut_page(const PageRequest& request, const KeyedList& list);

/// Whether a resource's name passes PageRequest::name.
[[nodiscard]] bool passes_filter(std::string_view name, std::string_view filter);

}  // namespace verso::engine
