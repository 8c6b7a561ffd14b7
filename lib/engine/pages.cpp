#include "engine/pages.hpp"

#include "domain/failure.hpp"
#include "domain/hex.hpp"

#include <algorithm>

namespace verso::engine {

namespace {

using Direction = KeyedList::Direction;

constexpr std::size_t max_page = 100;

/// The first `count` items behind `from`.
std::vector<ListedItem> take(const KeyedList& list, const std::optional<std::string>& from,
                             Direction direction, std::size_t count) {
    std::vector<ListedItem> items;
    list.walk(from, direction, [&](BytesView key, BytesView value) {
        items.push_back({std::string(key), std::string(value)});
        return items.size() < count;
    });
    return items;
}

bool any_behind(const KeyedList& list, const std::string& key, Direction direction) {
    return !take(list, key, direction, 1).empty();
}

/// Walks the records under a prefix; keys are given without it.
void walk_records(View& view, const std::string& prefix, const std::optional<std::string>& from,
                  bool is_ascending, Visitor<BytesView, BytesView> visitor) {
    const std::string start = from ? prefix + *from : std::string();
    const storage::Scan scan{
        .prefix = prefix,
        .from = start,
        .order = is_ascending ? storage::Order::ascending : storage::Order::descending};
    view.transaction().scan(storage::Table::records, scan, [&](BytesView key, BytesView value) {
        return key == start || visitor(key.substr(prefix.size()), value);
    });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

KeyedList connections_list(View& view, OrganisationId organisation) {
    return {ListTag::connections, 16,
            [&view, prefix = key::organisation(organisation)](
                const std::optional<std::string>& from, Direction direction,
                Visitor<BytesView, BytesView> visitor) {
                walk_records(view, prefix, from, direction == Direction::forward, visitor);
            }};
}

KeyedList versions_list(View& view, ConnectionId connection) {
    return {ListTag::versions, 24,
            [&view, prefix = key::updates(connection)](const std::optional<std::string>& from,
                                                       Direction direction,
                                                       Visitor<BytesView, BytesView> visitor) {
                walk_records(view, prefix, from, direction == Direction::backward, visitor);
            }};
}

KeyedList resources_list(View& view, const tree::Root& root, Kind kind, std::string filter) {
    const auto tag = static_cast<ListTag>(static_cast<unsigned>(ListTag::resources) +
                                          static_cast<unsigned>(kind));
    return {tag, 0,
            [&view, root, kind, filter = std::move(filter)](const std::optional<std::string>& from,
                                                            Direction direction,
                                                            Visitor<BytesView, BytesView> visitor) {
                const bool is_forward = direction == Direction::forward;
                content::KeyRange keys = content::resources_of(kind);
                if (from && is_forward) keys.begin = content::resource_key(kind, *from) + '\0';
                if (from && !is_forward) keys.end = content::resource_key(kind, *from);
                const auto visit = [&](const tree::Entry& entry) {
                    const std::string_view name = content::read_resource_key(entry.key).name;
                    return !passes_filter(name, filter) || visitor(name, entry.value);
                };
                if (is_forward)
                    tree::scan(view.nodes(), root, keys.range(), visit);
                else
                    tree::scan_back(view.nodes(), root, keys.range(), visit);
            }};
}

std::string encode_cursor(ListTag tag, std::string_view key) {
    std::string bytes(1, static_cast<char>(tag));
    bytes += key;
    std::string text;
    text.reserve(2 * bytes.size());
    for (const char byte : bytes) append_hex(text, static_cast<std::uint8_t>(byte));
    return text;
}

std::string decode_cursor(ListTag tag, std::size_t key_bytes, std::string_view field,
                          std::string_view text) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
        const int high = hex_value(text[at]);
        const int low = hex_value(text[at + 1]);
        if (high < 0 || low < 0) break;
        bytes += static_cast<char>(high * 16 + low);
    }
    const bool is_of_list = 2 * bytes.size() == text.size() && !bytes.empty() &&
                            bytes.front() == static_cast<char>(tag);
    if (!is_of_list || (key_bytes != 0 && bytes.size() != 1 + key_bytes))
        fail_field(Errc::cursor_invalid, std::string(field),
                   "the cursor is none of this list; use one that a page of it gave, or start "
                   "without one");
    return bytes.substr(1);
}

void check_page_size(std::size_t first) {
    if (first == 0 || first > max_page)
        fail_field(Errc::option_invalid, "first",
                   "first is " + std::to_string(first) + "; give 1 to 100");
}

std::uint64_t count_items(const KeyedList& list) {
    std::uint64_t count = 0;
    list.walk(std::nullopt, Direction::forward, [&](BytesView, BytesView) {
        ++count;
        return true;
    });
    return count;
}

Page<ListedItem> cut_page(const PageRequest& request, const KeyedList& list) {
    check_page_size(request.first);
    if (request.after && request.before)
        fail_field(Errc::option_invalid, "before",
                   "after and before cannot both be given; give one of them");

    const Direction direction = request.before ? Direction::backward : Direction::forward;
    std::optional<std::string> from;
    if (request.after) from = decode_cursor(list.tag, list.key_bytes, "after", *request.after);
    if (request.before) from = decode_cursor(list.tag, list.key_bytes, "before", *request.before);

    Page<ListedItem> page;
    page.items = take(list, from, direction, request.first + 1);
    const bool has_more = page.items.size() > request.first;
    if (has_more) page.items.pop_back();
    if (direction == Direction::backward) std::ranges::reverse(page.items);
    if (page.items.empty()) return page;

    const std::string& first = page.items.front().key;
    const std::string& last = page.items.back().key;
    const bool is_forward = direction == Direction::forward;
    if (is_forward ? has_more : any_behind(list, last, Direction::forward))
        page.next = encode_cursor(list.tag, last);
    if (is_forward ? from && any_behind(list, first, Direction::backward) : has_more)
        page.prev = encode_cursor(list.tag, first);
    return page;
}

bool passes_filter(std::string_view name, std::string_view filter) {
    return filter.empty() ||
           std::search(name.begin(), name.end(), filter.begin(), filter.end(),
                       [](char a, char b) { return lower(a) == lower(b); }) != name.end();
}

}  // namespace verso::engine
