#include "domain/patch_maker.hpp"

#include "domain/json_alignment.hpp"
#include "domain/json_writer.hpp"

#include <string_view>
#include <utility>

namespace verso {

namespace {

class PatchMaker {
public:
    PatchMaker() { json_.begin_array(); }

    void compare(JsonView before, JsonView after) {
        if (before.text() == after.text()) return;
        const std::size_t size_before = json_.text().size();
        // Where most is new, naming every place takes longer than saying all of it.
        constexpr std::string_view frame = R"(,{"op":"replace","path":"","value":})";
        const std::size_t longest =
            size_before + frame.size() + pointer_.size() + after.text().size();
        const std::size_t around = std::exchange(longest_, longest);
        if (before.is_object() && after.is_object())
            compare_members(before, after);
        else if (before.is_array() && after.is_array())
            compare_elements(before, after);
        else if (!equality_.same(before, after))
            write("replace", after);
        longest_ = around;
        if (json_.text().size() <= longest) return;
        json_.truncate(size_before);
        write("replace", after);
    }

    std::string take() && {
        json_.end_array();
        return std::move(json_).take();
    }

private:
    template <class Body>
    void below(std::string_view name, Body body) {
        const std::size_t size = pointer_.size();
        append_pointer(pointer_, name);
        body();
        pointer_.resize(size);
    }

    void compare_members(JsonView before, JsonView after) {
        for (const MemberPair& pair : align_members(before, after)) {
            if (is_too_long()) return;
            below(pair.key.string(), [&] { compare_pair(pair); });
        }
    }

    void compare_elements(JsonView before, JsonView after) {
        std::size_t index = 0;  // where the next operation finds its element: all before are done
        for (const ElementPair& pair : align_elements(before, after, equality_)) {
            if (is_too_long()) return;
            below(std::to_string(index), [&] { compare_pair(pair); });
            if (pair.after) ++index;
        }
    }

    [[nodiscard]] bool is_too_long() const noexcept { return json_.text().size() > longest_; }

    template <class Pair>
    void compare_pair(const Pair& pair) {
        if (!pair.after)
            write("remove", {});
        else if (!pair.before)
            write("add", pair.after);
        else
            compare(*pair.before, *pair.after);
    }

    void write(std::string_view verb, std::optional<JsonView> value) {
        json_.begin_object().key("op").string(verb).key("path").string(pointer_);
        if (value) json_.key("value").raw(value->text());
        json_.end_object();
    }

    JsonEquality equality_;
    JsonWriter json_;
    std::string pointer_;
    std::size_t longest_ = 0;  // that what is compared may come to, or it is replaced as a whole
};

}  // namespace

std::string make_patch(JsonView before, JsonView after) {
    PatchMaker maker;
    maker.compare(before, after);
    return std::move(maker).take();
}

}  // namespace verso
