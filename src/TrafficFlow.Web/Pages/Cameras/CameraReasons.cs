using System.Globalization;
using System.Text.RegularExpressions;
using TrafficFlow.Core.Scene;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Web.Pages.Cameras;

/// <param name="Language">en or ja: of this text.</param>
public readonly record struct ReasonText(string Text, string Language);

/// <summary>
/// What nodes say of their cameras, in the reader's language. Nodes give reasons in English: what is known is said anew by the state or the words that it belongs to, and what is not stays
/// English. Pure.
/// </summary>
public static partial class CameraReasons
{
    private const string English = "en";
    private const string Japanese = "ja";

    /// <summary>All that is wrong; empty while all is well.</summary>
    public static IReadOnlyList<ReasonText> All(CameraStatus status, string language) =>
        [.. new[] { OfState(status, language), OfOutbox(status, language), OfScene(status, language), OfJunction(status, language) }.OfType<ReasonText>()];

    /// <returns>Null where there is none.</returns>
    public static ReasonText? OfState(CameraStatus status, string language) => Told(status.Reason, language, StateInJapanese);

    /// <inheritdoc cref="OfState"/>
    public static ReasonText? OfOutbox(CameraStatus status, string language) => Told(status.OutboxReason, language, OutboxInJapanese);

    /// <inheritdoc cref="OfState"/>
    public static ReasonText? OfScene(CameraStatus status, string language) => Told(status.SceneReason, language, reason => SceneInJapanese(status.Scene, reason));

    /// <inheritdoc cref="OfState"/>
    public static ReasonText? OfJunction(CameraStatus status, string language) => Told(status.Junction?.Explain() ?? "", language, _ => string.Create(
        CultureInfo.InvariantCulture, $"直近10分間の車両の {100 * status.Junction!.BrokenShare:0} % は片端しか観測されていません。カメラのずれ・汚れ、または流入・流出ゲートの不足がないか確認してください。"));

    private static ReasonText? Told(string reason, string language, Func<string, string?> inJapanese)
    {
        if (reason.Length == 0) return null;
        return language == Japanese && inJapanese(reason) is { } text ? new ReasonText(text, Japanese) : new ReasonText(reason, English);
    }

    private static string? SceneInJapanese(SceneState scene, string reason) => scene switch
    {
        SceneState.Moved when Moved().Match(reason) is { Success: true } m =>
            $"カメラの位置がずれています（画面幅の {m.Groups["off"].Value} %、回転 {m.Groups["turned"].Value} 度、倍率 {m.Groups["zoom"].Value}）。元に戻すか、校正し直して画面を承認してください。",
        SceneState.Moved => "カメラの位置がずれています。元に戻すか、校正し直して画面を承認してください。",
        SceneState.Elsewhere => "校正時の景色が画面にありません。カメラの向きの変更や交換がないか確認し、元に戻すか、ゲートを描き直して画面を承認してください。",
        SceneState.Blurred => "映像がぼけています。ピントを確認し、レンズを清掃してください。霧の場合は自然に回復します。",
        SceneState.Covered => "画面の大部分が見えません。レンズを清掃し、前にある物を取り除いてください。",
        SceneState.Dark => "暗すぎて車両が見えません。レンズの覆いや消灯がないか確認し、なければ露光時間を長くしてください。",
        SceneState.Noisy => "ノイズが多く車両が見えません。光量が足りません。露光時間を長くするか、道路を照明してください。",
        SceneState.Glare => "灯火がまぶしく車両が見えません。対向車の前照灯を避ける向きにするか、露光時間を短くするか、ハイライト補正を有効にしてください。",
        SceneState.ExposureJump => "画面全体の明るさが急変しました。カメラが安定すれば回復します。繰り返す場合は露出を設定してください。",
        SceneState.Frozen => "映像が完全に静止しています。カメラまたはエンコーダーの停止です。再起動してください。",
        SceneState.Swaying => "映像が揺れています。ゲート付近の台数を正確にするには、カメラの支柱を固定してください。",
        _ => null,
    };

    private static string? OutboxInJapanese(string reason)
    {
        foreach (var (begin, text) in s_outbox)
        {
            if (reason.StartsWith(begin, StringComparison.Ordinal)) return $"{text}（{reason[begin.Length..].Trim()}）";
        }

        return null;
    }

    private static string? StateInJapanese(string reason)
    {
        if (SilentSince().Match(reason) is { Success: true } silent) return silent.Groups["at"].Success ? $"{silent.Groups["at"].Value} 以降、連絡がありません。ノードの稼働と回線を確認してください。" : "連絡がありません。ノードの稼働と回線を確認してください。";
        if (NotOpened().Match(reason) is { Success: true } late) return $"{late.Groups["seconds"].Value} 秒以内に映像を開けませんでした。カメラの電源と到達性を確認してください。";
        if (s_whole.TryGetValue(reason, out var whole)) return whole;
        if (Source().Match(reason) is not { Success: true } source || !s_failures.TryGetValue(source.Groups["word"].Value, out var failure)) return null;
        var said = source.Groups["said"].Value;
        var remedy = s_remedies.FirstOrDefault(r => said.StartsWith(r.Begin, StringComparison.Ordinal)).Text ?? failure.Remedy;
        var reached = source.Groups["frame"].Success ? $"（{source.Groups["frame"].Value} フレームの後）" : "";
        var quote = Quote().Match(said) is { Success: true } ffmpeg ? $"（ffmpeg: {ffmpeg.Groups["line"].Value}）" : "";
        return $"{source.Groups["source"].Value}：{failure.Word}{reached}。{remedy}{quote}";
    }

    [GeneratedRegex(@"lies (?<off>[\d.]+) % of its width off, turned (?<turned>-?[\d.]+) degrees, zoom (?<zoom>[\d.]+)")]
    private static partial Regex Moved();

    [GeneratedRegex(@"^nothing heard (since (?<at>\S+ \S+?Z)|of it): ")]
    private static partial Regex SilentSince();

    [GeneratedRegex(@"^the source of camera \S+ did not open within (?<seconds>\d+) s: ")]
    private static partial Regex NotOpened();

    [GeneratedRegex(@"^(?<source>.+?): (?<word>[a-z ]+?)( after frame (?<frame>\d+))?: (?<said>.*)$", RegexOptions.Singleline)]
    private static partial Regex Source();

    [GeneratedRegex(@" \(ffmpeg: (?<line>.*?)\)( \(\d+ frames were counted\))?$", RegexOptions.Singleline)]
    private static partial Regex Quote();
}
