// How many groups the program's main runs. GoogleTest wants to know every test before the first of them runs,
// and main tells its groups one after another: so, before main, a copy of the process runs main without any
// test and without a voice, and its groups are counted.
#pragma once

#include <vector>

namespace warifu::cmocka {

bool rehearsing();  // this is the copy
void rehearse_group();

int groups_to_come();
std::vector<char*>& arguments();  // of main

}  // namespace warifu::cmocka
