using TrafficFlow.Vault.Policies;
using TrafficFlow.Web.Pages.Custody;

namespace TrafficFlow.Web.Pages.Recordings;

/// <summary>What a policy of custody says, in the reader's language: the register has it in the words of the site file.</summary>
public static class PolicyTexts
{
    private static readonly Dictionary<string, (string English, string Japanese)> s_names = new(StringComparer.Ordinal)
    {
        ["two-person-rule"] = ("Two persons", "二者承認"),
        ["require-encrypted-disk"] = ("Encrypted disk", "ディスクの暗号化"),
        ["require-encrypted-link"] = ("Encrypted link", "通信の暗号化"),
        ["networks"] = ("Networks in which pictures come in the clear", "平文での通信を認めるネットワーク"),
        ["retention of pictures"] = ("Pictures are kept", "記録画像の保存期間"),
        ["retention of journeys"] = ("Journeys are kept", "通行経路の保存期間"),
        ["retention of counts"] = ("Counts are kept", "計測値の保存期間"),
        ["retention of the audit"] = ("The audit is kept", "操作の記録の保存期間"),
        ["retention of accounts"] = ("Accounts are kept", "利用者の登録の保存期間"),
        ["picture-limits.plate-characters"] = ("Figures of plates, at most (px)", "ナンバープレートの文字の高さの上限（px）"),
        ["picture-limits.faces"] = ("Faces, at most (px)", "顔の高さの上限（px）"),
        ["picture-limits.above"] = ("Above these limits", "上限を超える場合"),
        ["hand-carry-weeks"] = ("Weeks between hand-carries", "持ち運びの間隔（週）"),
        ["each-working-day"] = ("Inspection each working day", "稼働日ごとの点検"),
        ["inspections.from"] = ("Inspections from", "点検の開始日"),
        ["experiment.until"] = ("End of the experiment", "実験の終了日"),
        ["answer-within-days"] = ("Days to answer a request", "請求への回答期限（日）"),
        ["answers count working days"] = ("Working days alone count", "稼働日のみを数える"),
    };

    private static readonly Dictionary<(string Name, string Value), (string English, string Japanese)> s_values = new()
    {
        [("two-person-rule", "off")] = ("nothing", "なし"),
        [("two-person-rule", "export")] = ("export", "持ち出し"),
        [("two-person-rule", "erase")] = ("erasure", "消去"),
        [("two-person-rule", "both")] = ("export and erasure", "持ち出しと消去"),
        [("each-working-day", "on")] = ("yes", "する"),
        [("each-working-day", "off")] = ("no", "しない"),
        [("answers count working days", "yes")] = ("yes", "はい"),
        [("answers count working days", "no")] = ("no", "いいえ"),
    };

    private static readonly Dictionary<string, (string English, string Japanese)> s_words = new(StringComparer.Ordinal)
    {
        ["off"] = ("not asked for", "求めない"),
        ["warn"] = ("warned about", "警告"),
        ["refuse"] = ("required", "必須"),
        ["none"] = ("none", "なし"),
        ["no limit"] = ("no limit", "上限・期限の定めなし"),
    };

    /// <param name="language">`ja` or `en`.</param>
    /// <returns>As it stands in the register where it is not known.</returns>
    public static string NameOf(string language, string name) => s_names.TryGetValue(name, out var known) ? In(language, known) : name;

    /// <inheritdoc cref="NameOf"/>
    public static string ValueOf(string language, string name, string value) =>
        s_values.TryGetValue((name, value), out var own) ? In(language, own) : s_words.TryGetValue(value, out var word) ? In(language, word) : SignedSentences.In(language, value);

    /// <summary>What was loosened, from what to what.</summary>
    public static string Of(string language, PolicyDifference difference) =>
        $"{NameOf(language, difference.Name)}: {ValueOf(language, difference.Name, difference.Before)} → {ValueOf(language, difference.Name, difference.Now)}";

    private static string In(string language, (string English, string Japanese) texts) => language == "ja" ? texts.Japanese : texts.English;
}
