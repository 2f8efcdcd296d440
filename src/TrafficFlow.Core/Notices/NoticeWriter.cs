using TrafficFlow.Core.Custody;

namespace TrafficFlow.Core.Notices;

/// <summary>Writes the sign and the guideline of one installation in one of the two languages. Pure: the same facts give the same text.</summary>
public static class NoticeWriter
{
    /// <param name="language">One of <see cref="NoticeLanguages.All"/>.</param>
    public static GuidelineDocument Guideline(NoticeFacts facts, string language) => language == NoticeLanguages.Japanese ? JapaneseGuideline.Write(facts) : EnglishGuideline.Write(facts);

    /// <inheritdoc cref="Guideline" path="/param"/>
    public static SignDocument Sign(NoticeFacts facts, string language) => language == NoticeLanguages.Japanese ? JapaneseSign(facts) : EnglishSign(facts);

    private static SignDocument JapaneseSign(NoticeFacts facts)
    {
        var custody = facts.Custody;
        var pictures = custody.Retention.Pictures;
        var lines = new List<SignLine> { new("目的", string.Join("\n", custody.Purposes.Select(p => p.Japanese))) };
        if (custody.Experiment is { } period) lines.Add(new("期間", $"{JapaneseWords.Day(period.From)}～{JapaneseWords.Day(period.Until)}"));
        lines.Add(new("画像の保存", custody.Recording.Count == 0 ? "録画しません（計測後直ちに破棄）" : $"匿名化及び暗号化して保存し、{JapaneseWords.Erased(pictures)}に消去"));
        lines.Add(new("第三者提供", "統計値のみ（画像は、法令に基づく場合を除き提供しません）"));
        lines.Add(new("設置者", JapaneseWords.Operator(custody.Operator)));
        if (Names(facts) is { } names) lines.Add(new("管理責任者", names));
        lines.Add(new("連絡先", string.Join("\n", Contacts(custody.Operator, custody.Operator.Address?.Japanese, "電話 "))));
        return new SignDocument(
            NoticeLanguages.Japanese, "交通流計測カメラ作動中", "Traffic measurement cameras in operation", facts.Site.Name,
            "この場所では、車両の流れを計測するため道路を撮影しています。画像は低い解像度で処理し、個人や車両を特定しません。ナンバーの読取り、顔認識及び音声の取得は行いません。",
            lines, custody.Operator.Web, "設置・運用要領", JapaneseGuideline.Edition(facts.Edition));
    }

    private static SignDocument EnglishSign(NoticeFacts facts)
    {
        var custody = facts.Custody;
        var pictures = custody.Retention.Pictures;
        var lines = new List<SignLine> { new("Purpose", string.Join("\n", custody.Purposes.Select(p => Capital(p.English)))) };
        if (custody.Experiment is { } period) lines.Add(new("Period", Capital(EnglishWords.Period(period))));
        lines.Add(new("Pictures", custody.Recording.Count == 0 ? "Not recorded: discarded once measured" : $"Kept anonymized and encrypted, erased {EnglishWords.Erased(pictures)}"));
        lines.Add(new("Given to others", "Statistics; pictures only as the law demands"));
        lines.Add(new("Operator", EnglishWords.Operator(custody.Operator)));
        if (Names(facts) is { } names) lines.Add(new("Custodian", names));
        lines.Add(new("Contact", string.Join("\n", Contacts(custody.Operator, custody.Operator.Address?.English, "Tel. "))));
        return new SignDocument(
            NoticeLanguages.English, "Traffic measurement cameras in operation", "交通流計測カメラ作動中", facts.Site.Name,
            "The road is filmed here to measure the flow of vehicles. Pictures are processed at a low resolution, and identify neither persons nor vehicles. Licence plates are not read, faces are not recognised, no sound is taken.",
            lines, custody.Operator.Web, "Guideline", EnglishGuideline.Edition(facts.Edition));
    }

    private static string? Names(NoticeFacts facts) => facts.In(Duty.Custodian).Select(p => p.Name).ToList() is { Count: > 0 } names ? string.Join("、", names) : null;

    /// <summary>What is quickest; the web page, and its code, stand below.</summary>
    private static IEnumerable<string> Contacts(OperatorContact contact, string? address, string telephoneMark)
    {
        if (contact.Telephone is { } telephone) yield return $"{telephoneMark}{telephone}";
        if (contact.Mail is { } mail) yield return mail;
        if (contact is not { Telephone: null, Mail: null }) yield break;
        if ((address ?? contact.Web) is { } other) yield return other;
    }

    private static string Capital(string text) => text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text;
}
