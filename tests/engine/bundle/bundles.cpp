#include "engine/bundle/bundles.hpp"

#include "engine/store_state.hpp"
#include "tree/sha256.hpp"

namespace verso::engine {

std::uint64_t bytes_in(const Store& store) {
    const auto transaction = StoreAccess::state(store).storage().begin_read();
    std::uint64_t bytes = 0;
    for (const auto kind : {storage::ChunkKind::node, storage::ChunkKind::payload})
        transaction->each_chunk(kind, [&](storage::ChunkId, BytesView chunk) {
            bytes += chunk.size();
            return true;
        });
    return bytes;
}

std::string with_end(std::string lines) {
    const auto count = std::ranges::count(lines, '\n');
    const std::string digest = to_string(tree::sha256(lines));
    return lines + R"({"end":{"lines":)" + std::to_string(count) + R"(,"sha256":")" + digest +
           "\"}}\n";
}

std::string difference(std::string_view a, std::string_view b) {
    a = body_of(a);
    b = body_of(b);
    while (!a.empty() || !b.empty()) {
        const std::string_view line_a = a.substr(0, a.find('\n'));
        const std::string_view line_b = b.substr(0, b.find('\n'));
        if (line_a != line_b) return std::string(line_a) + "\n" + std::string(line_b);
        a.remove_prefix(std::min(a.size(), line_a.size() + 1));
        b.remove_prefix(std::min(b.size(), line_b.size() + 1));
    }
    return {};
}

std::string with_replaced(std::string bundle, std::string_view old, std::string_view fresh) {
    bundle.erase(bundle.rfind("{\"end\""));
    const auto at = bundle.find(old);
    REQUIRE(at != bundle.npos);
    bundle.replace(at, old.size(), fresh);
    return with_end(std::move(bundle));
}

void RandomHistory::step() {
    const std::string name = names_[below(names_.size())];
    fixture_.clock.move(std::chrono::milliseconds{below(3)});
    const auto version = fixture_.snapshot().version(fixture_.key(name)).value();
    switch (below(10)) {
        case 0:
            names_.push_back("v" + std::to_string(++made_));
            fixture_.clone(names_.back(), name);
            return;
        case 1:
            if (below(3) == 0) static_cast<void>(fixture_.store.publish(fixture_.key(name)));
            return;
        case 2:
            if (!deletes_ || names_.size() < 3 || below(2) == 0) return;
            std::erase(names_, name);
            fixture_.store.delete_version(fixture_.key(name), true).value();
            return;
        default:
            if (version.is_published()) return;
            fixture_.store.edit(fixture_.key(name), [&](Draft& draft) { return edit(draft); })
                .value();
    }
}

Result<void> RandomHistory::edit(Draft& draft) {
    static_cast<void>(draft.annotate({"author " + std::to_string(below(3)), "line\n\"quoted\""}));
    for (std::size_t left = 1 + below(6); left > 0; --left) {
        const std::string name = "D" + std::to_string(below(6));
        const auto found = draft.find(Kind::definition, name).value();
        switch (below(6)) {
            case 0: static_cast<void>(draft.erase(Kind::definition, name, true)); break;
            case 1:
                if (found)
                    static_cast<void>(draft.put(
                        Kind::definition,
                        document(R"({"id":")" + to_string(found->id) + R"(",)" +
                                 definition("D" + std::to_string(below(6))).text().substr(1))));
                break;
            case 2: put_action(draft); break;
            case 3:
                static_cast<void>(draft.erase(Kind::action, "A" + std::to_string(below(4)), true));
                break;
            case 4:
                static_cast<void>(draft.put(Kind::example, "E" + std::to_string(below(3)),
                                            document(R"({"value":1.10})")));
                break;
            default:
                static_cast<void>(
                    draft.put(Kind::definition, definition(name, std::string(below(40), 'x'))));
        }
    }
    return {};
}

/// By name or by id, so that some references dangle later and others follow.
void RandomHistory::put_action(Draft& draft) {
    const std::string name = "D" + std::to_string(below(6));
    const auto target = draft.find(Kind::definition, name).value();
    const std::string reference = target && below(2) == 0
                                      ? R"("id":")" + to_string(target->id) + '"'
                                      : R"("name":")" + name + '"';
    static_cast<void>(draft.put(
        Kind::action,
        document(R"({"name":"A)" + std::to_string(below(4)) +
                 R"(","type":"http","method":"GET","path":"/","parameters":[],"responses":)" +
                 R"([{"status":200,"definitions":[{"definition":{)" + reference + "}}]}]}")));
}

}  // namespace verso::engine
