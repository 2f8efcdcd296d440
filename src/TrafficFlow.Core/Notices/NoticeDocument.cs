namespace TrafficFlow.Core.Notices;

/// <summary>A part of a clause.</summary>
public abstract record NoticeBlock;

public sealed record NoticeParagraph(string Text) : NoticeBlock;

public sealed record NoticeList(IReadOnlyList<string> Items) : NoticeBlock;

/// <param name="Rows">Each as many cells as the head; the first one names the row.</param>
public sealed record NoticeTable(IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows) : NoticeBlock;

/// <param name="Number">As it is written, such as 第1条.</param>
public sealed record NoticeClause(string Number, string Heading, IReadOnlyList<NoticeBlock> Blocks);

/// <summary>The guideline of one installation, in one language, ready to be set.</summary>
/// <param name="Edition">Which version it is, and of which day; or that it is a draft.</param>
/// <param name="Page">The word before page numbers.</param>
public sealed record GuidelineDocument(string Language, string Title, string SiteName, string Edition, string Page, IReadOnlyList<NoticeClause> Clauses);

/// <param name="Value">May have several lines.</param>
public sealed record SignLine(string Label, string Value);

/// <summary>The sign that hangs at the installation, in one language.</summary>
/// <param name="Headline">Large, to be read from metres away.</param>
/// <param name="OtherHeadline">The same in the other language.</param>
/// <param name="Statement">What is done with the pictures and what is not.</param>
/// <param name="Link">The page that explains it; null where there is none.</param>
/// <param name="LinkText">What stands beside the code of the link.</param>
public sealed record SignDocument(
    string Language, string Headline, string OtherHeadline, string SiteName, string Statement, IReadOnlyList<SignLine> Lines, string? Link, string LinkText, string Edition);

public static class NoticeLanguages
{
    public const string Japanese = "ja";
    public const string English = "en";

    public static IReadOnlyList<string> All { get; } = [Japanese, English];
}
