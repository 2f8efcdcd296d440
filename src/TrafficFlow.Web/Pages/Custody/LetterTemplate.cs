using System.Text;
using TrafficFlow.Vault.Requests;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>The letter that answers a request: a text with places in braces, which are filled from the register. Pure.</summary>
internal static class LetterTemplate
{
    public static readonly IReadOnlyList<string> Places = ["id", "kind", "received", "answered", "site", "span", "cameras", "outcome", "text", "receipts", "name", "address", "custodian"];

    /// <summary>As it is where no file of one's own is there.</summary>
    public static string Usual(string language) => language == "ja" ? Japanese : English;

    /// <param name="values">By place; what is missing is left empty.</param>
    /// <exception cref="FormatException">A place is none of <see cref="Places"/>, or a brace has no end.</exception>
    public static string Fill(string template, IReadOnlyDictionary<string, string> values)
    {
        var filled = new StringBuilder(template.Length * 2);
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf('{', at);
            if (open < 0) return filled.Append(template, at, template.Length - at).ToString();
            var close = template.IndexOf('}', open);
            var place = close > open ? template[(open + 1)..close] : "";
            if (!Places.Contains(place)) throw new FormatException($"\"{Core.Texts.PlainText.Of(template[open..Math.Min(template.Length, open + 30)])}\" is no place of a letter: there are {string.Join(", ", Places.Select(p => $"{{{p}}}"))}");
            // What is filled in is not looked at for places again.
            filled.Append(template, at, open - at).Append(values.GetValueOrDefault(place, ""));
            at = close + 1;
        }

        return filled.ToString();
    }

    /// <param name="custodian">Who answers for the installation, by name.</param>
    public static IReadOnlyDictionary<string, string> ValuesOf(PublicRequest request, RequesterContact? contact, string siteName, string custodian, TimeZoneInfo zone, string language)
    {
        var words = CustodyTexts.For(language);
        return new Dictionary<string, string>
        {
            ["id"] = request.Id,
            ["kind"] = words.Of(request.Kind),
            ["received"] = CustodyTexts.Day(request.ReceivedOn),
            ["answered"] = request.AnsweredAt is { } at ? CustodyTexts.Day(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime)) : "",
            ["site"] = siteName,
            ["span"] = request.Span is { From: { } from, To: { } to } ? $"{CustodyTexts.Minute(from, zone)} – {CustodyTexts.Minute(to, zone)}" : "–",
            ["cameras"] = request.Span.Cameras.IsEmpty ? words.AllCameras : string.Join(", ", request.Span.Cameras),
            ["outcome"] = request.Outcome is { } outcome ? words.Of(outcome) : "",
            ["text"] = request.Notes.LastOrDefault(n => request.AnsweredAt == n.At)?.Text ?? "",
            ["receipts"] = request.Receipts.IsEmpty ? "–" : string.Join(", ", request.Receipts),
            ["name"] = contact?.Name ?? "",
            ["address"] = contact?.Address ?? "",
            ["custodian"] = custodian,
        };
    }

    private const string Japanese = """
        {kind}請求に対する回答書

        {address}
        {name} 様

        回答日: {answered}
        受付番号: {id}（受付日: {received}）

        交通流計測カメラに関する請求について、次のとおり回答します。

        請求の種類: {kind}
        設置場所: {site}
        対象期間: {span}
        対象カメラ: {cameras}

        回答: {outcome}

        {text}

        消去証明書の番号: {receipts}

        管理責任者 {custodian}

        """;

    private const string English = """
        Answer to your request ({kind})

        {name}
        {address}

        Date: {answered}
        Number: {id} (received {received})

        This answers your request about the traffic measuring cameras.

        Request: {kind}
        Place: {site}
        Time: {span}
        Cameras: {cameras}

        Outcome: {outcome}

        {text}

        Receipts of erasures: {receipts}

        {custodian}
        Custodian (管理責任者)

        """;
}
