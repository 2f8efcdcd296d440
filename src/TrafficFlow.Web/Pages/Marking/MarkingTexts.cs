using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace TrafficFlow.Web.Pages.Marking;

/// <summary>What the marking page says, in one language.</summary>
internal sealed record MarkingTexts
{
    public required string Title { get; init; }

    public required string Gates { get; init; }

    public required string Loading { get; init; }

    /// <summary>Of the button that takes the seat from somebody else.</summary>
    public required string Take { get; init; }

    public required string Finish { get; init; }

    public required string Back { get; init; }

    public required string Picture { get; init; }

    public required string Scan { get; init; }

    public required string Marks { get; init; }

    public required string Gate { get; init; }

    public required string Direction { get; init; }

    public required string Class { get; init; }

    public required string Optional { get; init; }

    /// <summary>Keys, and what they do.</summary>
    public required IReadOnlyList<(IReadOnlyList<string> Keys, string Meaning)> Keys { get; init; }

    public required MarkingWords Words { get; init; }

    private static readonly MarkingTexts English = new()
    {
        Title = "Mark what passed",
        Gates = "Gates",
        Loading = "loading",
        Take = "Mark here",
        Finish = "Finish",
        Back = "Accuracy",
        Picture = "Picture of the camera at the chosen moment, anonymized, with its gates",
        Scan = "Slit-scan of the chosen gate: time to the right, the gate from its beginning to its end downwards",
        Marks = "Marks",
        Gate = "gate",
        Direction = "direction",
        Class = "class",
        Optional = "opt.",
        Keys =
        [
            (["click"], "on the slit-scan marks, or"), (["Enter"], "does"), (["←", "→"], "frame,"), (["Shift"], "with them 1 s"), (["Space"], "play"), (["Tab"], "gate"),
            (["1"], "car"), (["2"], "light goods"), (["3"], "heavy goods"), (["4"], "bus"), (["5"], "motorcycle"), (["6"], "unclassified"), (["0"], "not judged"),
            (["d"], "direction"), (["o"], "optional"), (["Del"], "remove"), (["Esc"], "or going on leaves a mark"), (["u"], "undo"), (["s"], "save"), (["+", "-"], "zoom"), (["F6"], "to the buttons and back"),
        ],
        Words = new MarkingWords(
            "1 mark", "{0} marks", "{0} in {1}", "{0} saved in {1}", "saving", "NOT SAVED: {0}", "the server does not answer; is it still running?", "the page cannot be loaded: {0}",
            "choose a mark first: click it in the list or on the slit-scan", "nothing to undo", "next: {0}, {1}", "class not judged", "Done: {0} in {1}. This page can be closed.",
            "{0} marks this clip; here it can only be looked at", "this clip is not open here any more; what was saved is in its file", "somebody else has changed the marks since: they are shown as they are now, without your last change", "Mark {0}", ["forward", "backward"], ["fwd", "back"], "yes",
            ["", "passenger-car", "light-goods", "heavy-goods", "bus", "motorcycle", "unclassified"]),
    };

    private static readonly MarkingTexts Japanese = new()
    {
        Title = "通過車両の記録",
        Gates = "ゲート",
        Loading = "読み込み中",
        Take = "この画面で記録する",
        Finish = "完了",
        Back = "計測精度へ",
        Picture = "選択した時刻のカメラ画像（匿名化済み）とゲート",
        Scan = "選択したゲートのスリットスキャン：右方向が時間、下方向がゲートの始点から終点",
        Marks = "記録一覧",
        Gate = "ゲート",
        Direction = "方向",
        Class = "車種",
        Optional = "任意",
        Keys =
        [
            (["クリック"], "スリットスキャン上で記録"), (["Enter"], "記録"), (["←", "→"], "コマ送り"), (["Shift"], "併用で1秒"), (["Space"], "再生"), (["Tab"], "ゲート"),
            (["1"], "乗用車"), (["2"], "小型貨物車"), (["3"], "普通貨物車"), (["4"], "バス"), (["5"], "二輪車"), (["6"], "車種不明"), (["0"], "未判定"),
            (["d"], "方向"), (["o"], "任意"), (["Del"], "削除"), (["Esc"], "選択解除"), (["u"], "元に戻す"), (["s"], "保存"), (["+", "-"], "拡大・縮小"), (["F6"], "ボタンへ移動・戻る"),
        ],
        Words = new MarkingWords(
            "1 件", "{0} 件", "{1}：{0}", "{1} に {0} を保存しました", "保存中", "保存できません：{0}", "サーバーが応答しません", "画面を読み込めません：{0}",
            "先に一覧またはスリットスキャンで記録を選択してください", "元に戻す操作はありません", "次：{0}、{1}", "車種未判定", "完了：{1} に {0}。この画面は閉じてかまいません。",
            "{0} さんが記録中です。この画面では閲覧のみできます", "この映像は閉じられました。保存済みの記録はファイルにあります", "他の画面で記録が変更されました。現在の記録を表示しています（最後の変更は含まれません）", "{0} の記録", ["順方向", "逆方向"], ["順", "逆"], "はい",
            ["", "乗用車", "小型貨物車", "普通貨物車", "バス", "二輪車", "車種不明"]),
    };

    public static MarkingTexts For(string? language) => language == "ja" ? Japanese : English;
}

/// <summary>What the script says; {0} and {1} are filled in there.</summary>
/// <param name="Held">{0}: who marks.</param>
/// <param name="Directions">Forward, backward.</param>
/// <param name="Classes">For the keys 0 to 6.</param>
internal sealed record MarkingWords(
    string One, string Many, string In, string Saved, string Saving, string NotSaved, string NoAnswer, string NotLoaded, string ChooseFirst, string NothingToUndo, string Next, string NotJudged,
    string Done, string Held, string Closed, string Changed, string TitleOf, IReadOnlyList<string> Directions, IReadOnlyList<string> ShortDirections, string Yes, IReadOnlyList<string> Classes)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public string ToJson() => JsonSerializer.Serialize(this, Options);
}
