#include "cli/table.hpp"

#include "cli/text.hpp"

#include <algorithm>

namespace verso::cli {

Table& Table::align(std::size_t at, Align align) {
    if (aligns_.size() <= at) aligns_.resize(at + 1, Align::left);
    aligns_[at] = align;
    return *this;
}

Table& Table::indent(std::size_t columns) {
    indent_ = columns;
    return *this;
}

std::string Table::text() const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t at = 0; at < row.size(); ++at)
            widths[at] = std::max(widths[at], width(row[at]));
    }
    std::string out;
    for (const auto& row : rows_) {
        std::string line(indent_, ' ');
        for (std::size_t at = 0; at < row.size(); ++at) {
            const std::string space(widths[at] - width(row[at]), ' ');
            const bool right = at < aligns_.size() && aligns_[at] == Align::right;
            line += right ? space + row[at] : row[at] + space;
            line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    }
    return out;
}

}  // namespace verso::cli
