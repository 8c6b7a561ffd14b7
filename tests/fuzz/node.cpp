// Nodes of trees: what is no node is told, and reading it stays within its bytes.
#include "tree/node.hpp"
#include "domain/failure.hpp"
#include "fuzz/fuzz.hpp"

using namespace verso;

namespace {

/// A node as docs/format.md describes it.
std::string node(std::uint32_t level,
                 const std::vector<std::pair<std::string, std::string>>& entries) {
    ByteWriter out;
    out.le(level).le(static_cast<std::uint32_t>(entries.size()));
    auto end = static_cast<std::uint32_t>(8 + 8 * entries.size());
    for (const auto& [key, value] : entries) out.le(end += static_cast<std::uint32_t>(key.size()));
    for (const auto& [key, value] : entries)
        out.le(end += static_cast<std::uint32_t>(value.size()));
    for (const auto& [key, value] : entries) out.bytes(key);
    for (const auto& [key, value] : entries) out.bytes(value);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        out.le(std::uint64_t{i + 1});
        if (level == 0) out.le(std::uint64_t{7});
    }
    return out.take();
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
    const std::string child(40, 'd');
    return {node(0, {{"a", "1"}}), node(0, {{"a", "1"}, {"b", ""}, {"bc", "333"}}),
            node(1, {{"b", child}, {"d", child}}), node(3, {{"z", child}}), std::string(8, '\0')};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr tree::NodeId id = 1000;
    const std::string_view bytes = fuzz::text_of(data, size);
    try {
        const tree::NodeView node(id, bytes);
        std::size_t read = node.digested().size();
        for (std::size_t i = 0; i < node.size(); ++i) {
            read += node.key(i).size() + node.value(i).size();
            if (node.is_leaf())
                read += node.locator(i).payload != 0;
            else
                read += node.child_digest(i).size() + (node.child_count(i) & 1) +
                        (node.child_id(i) & 1);
        }
        static_cast<void>(node.lower_bound(node.last_key()));
        fuzz::require(read > 0);
        tree::check_node(id, bytes);
    } catch (const Failure& failure) {
        fuzz::require(failure.error.code == Errc::corrupt);
    }
    return 0;
}
