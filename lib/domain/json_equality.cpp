#include "domain/json_equality.hpp"

#include "domain/bytes.hpp"
#include "domain/json_number.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace verso {

std::uint32_t JsonEquality::class_of(JsonView value) {
    const bool is_composed = value.is_array() || value.is_object();
    if (is_composed)
        if (const auto found = known_.find(value.text().data()); found != known_.end())
            return found->second;
    std::string text = canonical(value);  // first: it takes the numbers of what is below
    const auto next = static_cast<std::uint32_t>(classes_.size());
    const std::uint32_t number = classes_.emplace(std::move(text), next).first->second;
    if (is_composed) known_.emplace(value.text().data(), number);
    return number;
}

std::string JsonEquality::canonical(JsonView value) {
    ByteWriter out;
    switch (value.type()) {
        case JsonType::null:
        case JsonType::boolean: out.bytes(value.text()); break;
        case JsonType::number:
            out.bytes(numbers_ == NumberEquality::as_written ? std::string(value.text())
                                                             : canonical_number(value.text()));
            break;
        case JsonType::string: {
            std::string scratch;
            out.bytes("\"").bytes(value.string(scratch));
            break;
        }
        case JsonType::array:
            out.bytes("[");
            for (const JsonView element : value.elements()) out.le(class_of(element));
            break;
        case JsonType::object: {
            std::vector<std::pair<std::uint32_t, std::uint32_t>> members;
            for (const auto [key, member] : value.members())
                members.emplace_back(class_of(key), class_of(member));
            std::sort(members.begin(), members.end());
            out.bytes("{");
            for (const auto& [key, member] : members) out.le(key).le(member);
        }
    }
    return out.take();
}

}  // namespace verso
