using System.Globalization;
using System.Text;
using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Requests;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>The letter that answers a request: a text with places in braces, which are filled from the register. Pure.</summary>
internal static class LetterTemplate
{
    public static readonly IReadOnlyList<string> Places = ["id", "kind", "received", "answered", "site", "span", "cameras", "outcome", "reason", "text", "receipts", "erased", "name", "address", "operator", "contact", "objection", "custodian", "title"];

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
    /// <param name="office">Who runs the installation; null where the site file does not say it.</param>
    public static IReadOnlyDictionary<string, string> ValuesOf(PublicRequest request, RequesterContact? contact, string siteName, string custodian, OperatorContact? office, TimeZoneInfo zone, string language)
    {
        var words = CustodyTexts.For(language);
        var isJapanese = language == "ja";
        var reach = office is null ? "" : string.Join("\n", new[] { office.Address?.In(language), office.Telephone, office.Mail, office.Web }.OfType<string>());
        return new Dictionary<string, string>
        {
            ["id"] = request.Id,
            ["kind"] = words.Of(request.Kind),
            ["title"] = isJapanese ? (request.Kind == RequestKind.Complaint ? "苦情に対する回答書" : $"{words.Of(request.Kind)}の請求に対する回答書") : request.Kind == RequestKind.Complaint ? "Answer to your complaint" : $"Answer to your request ({words.Of(request.Kind)})",
            ["received"] = Day(request.ReceivedOn),
            ["answered"] = request.AnsweredAt is { } at ? Day(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime)) : "",
            ["site"] = siteName,
            ["span"] = request.Span is { From: { } from, To: { } to } ? isJapanese ? $"{Minute(from)}から{Minute(to)}まで" : $"{Minute(from)} – {Minute(to)}" : "–",
            ["cameras"] = request.Span.Cameras.IsEmpty ? words.AllCameras : string.Join(isJapanese ? "、" : ", ", request.Span.Cameras),
            ["outcome"] = request.Outcome is { } outcome ? words.Of(request.Kind, outcome) : "",
            // With its heading: where all was granted there is none.
            ["reason"] = request.Refusal.Length == 0 ? "" : $"{(isJapanese ? "理由" : "Reason")}: {request.Refusal}",
            ["text"] = request.Notes.LastOrDefault(n => request.AnsweredAt == n.At)?.Text ?? "",
            ["receipts"] = request.Receipts.IsEmpty ? "–" : string.Join(", ", request.Receipts),
            // The same with its heading: where nothing was to be erased there is none.
            ["erased"] = request.Receipts.IsEmpty ? "" : $"{(isJapanese ? "消去証明書の番号" : "Receipts of erasures")}: {string.Join(isJapanese ? "、" : ", ", request.Receipts)}",
            ["name"] = contact?.Name ?? "",
            ["address"] = contact?.Address ?? "",
            ["operator"] = office is null ? "" : isJapanese ? $"{office.Name.Japanese}{(office.Department is { } d ? $"　{d.Japanese}" : "")}" : $"{office.Name.English}{(office.Department is { } e ? $", {e.English}" : "")}",
            ["contact"] = reach,
            ["objection"] = isJapanese
                ? $"この回答に不服があるときは、受付番号を示して、{(reach.Length > 0 ? "次の窓口" : "設置者の窓口")}に申し出ることができます。このほか、個人情報の取扱いに関する苦情は、個人情報保護委員会に相談することができます。"
                : $"If you do not agree with this answer, you may object {(reach.Length > 0 ? "at the contact below" : "with the operator")}: name the number of your request. You may also turn to the Personal Information Protection Commission (個人情報保護委員会).",
            ["custodian"] = custodian,
        };

        string Day(DateOnly day) => isJapanese ? string.Create(CultureInfo.InvariantCulture, $"{day.Year}年{day.Month}月{day.Day}日") : CustodyTexts.Day(day);

        string Minute(DateTimeOffset time)
        {
            var local = TimeZoneInfo.ConvertTime(time, zone);
            return isJapanese ? string.Create(CultureInfo.InvariantCulture, $"{Day(DateOnly.FromDateTime(local.DateTime))}{local.Hour}時{local.Minute:00}分") : CustodyTexts.Minute(time, zone);
        }
    }

    private const string Japanese = """
        {title}

        {address}
        {name} 様

        回答日: {answered}
        受付番号: {id}（受付日: {received}）

        交通流計測カメラに関する申出について、次のとおり回答します。

        申出の種類: {kind}
        設置場所: {site}
        対象期間: {span}
        対象カメラ: {cameras}

        回答: {outcome}

        {reason}

        {text}

        {erased}

        {objection}

        {operator}
        {contact}

        管理責任者 {custodian}

        """;

    private const string English = """
        {title}

        {name}
        {address}

        Date: {answered}
        Number: {id} (received {received})

        This answers what you asked about the traffic measurement cameras.

        Asked for: {kind}
        Place: {site}
        Time: {span}
        Cameras: {cameras}

        Outcome: {outcome}

        {reason}

        {text}

        {erased}

        {objection}

        {operator}
        {contact}

        {custodian}
        Custodian (管理責任者)

        """;
}
