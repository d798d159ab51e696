#include "gateway/pages/words.h"

#include <array>

namespace warifu::gateway {

namespace {

struct Entry {
    Word word;
    std::string_view english, japanese;
};

constexpr std::array<Entry, static_cast<std::size_t>(Word::end_of_words)> table{{
    {Word::approve_sign_in, "Approve this sign-in?", "このサインインを承認しますか？"},
    {Word::approve_action, "Approve this action?", "この操作を承認しますか？"},
    {Word::approve_something, "Approve this request?", "このリクエストを承認しますか？"},
    {Word::deny_sign_in, "Refuse this sign-in?", "このサインインを拒否しますか？"},
    {Word::deny_action, "Refuse this action?", "この操作を拒否しますか？"},
    {Word::deny_something, "Refuse this request?", "このリクエストを拒否しますか？"},
    {Word::activate_request, "Make this request active?", "このリクエストを有効にしますか？"},
    {Word::deactivate_request, "Make this request inactive?", "このリクエストを無効にしますか？"},
    {Word::toggle_request, "Switch this request over?", "このリクエストの有効・無効を切り替えますか？"},
    {Word::arm_request, "Let this request be made active?", "このリクエストの有効化を許可しますか？"},
    {Word::disarm_request, "Keep this request from being made active?",
     "このリクエストの有効化を禁止しますか？"},

    {Word::label_user, "Who", "ユーザー"},
    {Word::label_service, "Service", "サービス"},
    {Word::label_host, "Host", "ホスト"},
    {Word::label_from, "From", "接続元"},
    {Word::label_terminal, "Terminal", "端末"},
    {Word::label_user_agent, "Browser or program", "ブラウザー・プログラム"},
    {Word::label_message, "Message", "メッセージ"},
    {Word::label_command, "Command", "コマンド"},
    {Word::label_run_as, "Run as", "実行ユーザー"},
    {Word::label_directory, "Directory", "ディレクトリー"},
    {Word::label_digest, "Digest", "ダイジェスト"},
    {Word::label_approvals, "Approvals", "承認"},
    {Word::label_expires, "Expires", "有効期限"},
    {Word::label_number, "Number", "番号"},

    {Word::approvals_of, "%1 of %2", "%1 / %2"},
    {Word::in_seconds, "in %1 s (%2)", "残り %1 秒（%2）"},
    {Word::in_minutes, "in %1 min (%2)", "残り %1 分（%2）"},
    {Word::in_hours, "in %1 h (%2)", "残り %1 時間（%2）"},
    {Word::in_days, "in %1 days (%2)", "残り %1 日（%2）"},
    {Word::is_over, "now", "期限切れ"},
    {Word::number_shown_hint, "Approve only if the screen where this began shows the same number.",
     "サインインや操作を始めた画面に同じ番号が出ているときだけ承認してください。"},
    {Word::number_typed_hint, "Type the number that the screen where this began shows.",
     "サインインや操作を始めた画面に出ている番号を入力してください。"},

    {Word::button_approve, "Approve", "承認する"},
    {Word::button_not_now, "Not now", "今はしない"},
    {Word::button_not_me, "This wasn't me", "自分ではありません"},
    {Word::button_not_genuine, "This is not genuine", "不審なリクエストです"},
    {Word::button_activate, "Make active", "有効にする"},
    {Word::button_deactivate, "Make inactive", "無効にする"},
    {Word::button_toggle, "Switch over", "切り替える"},
    {Word::button_arm, "Allow", "許可する"},
    {Word::button_disarm, "Do not allow", "禁止する"},
    {Word::not_me_hint,
     "“This wasn't me” refuses, raises the alarm, and keeps further requests from there away for a day.",
     "「自分ではありません」を選ぶと、拒否して管理者に知らせ、同じ接続元からのリクエストを 1 日止めます。"},
    {Word::not_genuine_hint,
     "“This is not genuine” refuses, raises the alarm, and keeps further requests from there away for a day.",
     "「不審なリクエストです」を選ぶと、拒否して管理者に知らせ、同じ接続元からのリクエストを 1 日止めます。"},

    {Word::title_approved, "Approved", "承認しました"},
    {Word::text_approved, "It goes on by itself where it began.", "始めた画面で自動的に続きます。"},
    {Word::title_recorded, "Your approval is recorded", "承認を記録しました"},
    {Word::text_recorded, "%1 of %2 approvals are there; the others are waited for.",
     "%2 人中 %1 人が承認しました。残りの承認を待っています。"},
    {Word::title_refused, "Refused", "拒否しました"},
    {Word::text_not_now, "Nobody was let in.", "許可していません。"},
    {Word::text_not_me, "Nobody was let in, and the alarm was raised. If the password was right, change it.",
     "許可せず、警告を出しました。パスワードが知られているおそれがあります。変更してください。"},
    {Word::text_too_many_numbers, "The number was wrong too often. Begin again where you sign in.",
     "番号を何度も間違えました。サインインからやり直してください。"},
    {Word::title_done, "Done", "完了しました"},
    {Word::text_done, "What this link is for was done.", "このリンクの操作を行いました。"},
    {Word::title_not_yet, "Not yet", "まだできません"},
    {Word::text_not_yet, "This is not allowed at the moment. The link stays good: try again later.",
     "今は許可されていません。リンクは有効なままなので、あとでもう一度お試しください。"},
    {Word::title_wrong_number, "That is not the number", "番号が違います"},
    {Word::text_wrong_number, "Look at the screen where this began, and type the number that it shows.",
     "始めた画面に出ている番号を確かめて、もう一度入力してください。"},
    {Word::try_again, "Try again", "もう一度"},
    {Word::title_gone, "This link is over", "このリンクは使えません"},
    {Word::text_gone,
     "The request was decided, has expired or was withdrawn. There is nothing left to do here.",
     "リクエストは決定済みか、期限切れか、取り消されています。ここでの操作はもうありません。"},
    {Word::title_failed, "This did not work", "処理できませんでした"},
    {Word::text_bad_request, "The form was not understood. Open the link again.",
     "フォームの内容を読み取れませんでした。リンクを開き直してください。"},
    {Word::text_not_allowed, "This is not allowed.", "この操作は許可されていません。"},
    {Word::text_slow_down, "Too many tries. Wait a moment, and try again.",
     "試行が多すぎます。しばらく待ってからもう一度お試しください。"},
    {Word::text_conflict, "The request was decided meanwhile.", "リクエストはすでに決定されています。"},
    {Word::text_unavailable, "Warifu does not answer at the moment. Try again.",
     "Warifu が応答していません。もう一度お試しください。"},
    {Word::close_page, "You can close this page.", "このページを閉じてかまいません。"},
}};

constexpr bool in_order() {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table[i].word != static_cast<Word>(i) || table[i].english.empty() || table[i].japanese.empty()) {
            return false;
        }
    }
    return true;
}
static_assert(in_order(), "each word has its line, at its place, in each language");

}  // namespace

std::string_view words(Word word, Language language) {
    const Entry& entry = table.at(static_cast<std::size_t>(word));
    return language == Language::japanese ? entry.japanese : entry.english;
}

std::string words(Word word, Language language, std::initializer_list<std::string_view> holes) {
    std::string text;
    std::string_view rest = words(word, language);
    while (!rest.empty()) {
        const std::size_t hole =
            rest.size() > 1 && rest[0] == '%' ? static_cast<std::size_t>(rest[1] - '1') : holes.size();
        if (hole < holes.size()) {
            text += holes.begin()[hole];
            rest.remove_prefix(2);
        } else {
            text += rest[0];
            rest.remove_prefix(1);
        }
    }
    return text;
}

}  // namespace warifu::gateway
