using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Notices;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Report;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Web.Pages.Notices;
using Xunit;

namespace TrafficFlow.SystemTests.Notices;

/// <summary>What is printed: one sheet of A3 as sign, whatever stands on it, and pages of A4 as guideline, with their letters in the file.</summary>
public sealed class NoticePaperTests : IDisposable
{
    private static readonly NoticePerson[] s_persons = [new("鋼管 太郎", Duty.Custodian, new(2027, 3, 1)), new("産業 花子", Duty.Operator)];

    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow-paper-").FullName;

    private static Site Site { get; } = SiteSettings.Load(Path.Combine(SharedFiles.Repository, "hocon", "sites", "kokandori.conf")).Site;

    public static TheoryData<NoticeKind, string> All => new(
        from kind in Enum.GetValues<NoticeKind>() from language in NoticeLanguages.All select (kind, language));

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_document_needs_nothing_else_and_runs_nothing(NoticeKind kind, string language)
    {
        var hostile = Site with { Name = "<script>alert(1)</script>", Custody = Site.Custody! with { Purposes = [new("<b>a</b>&", "</style><img src=x>")] } };

        var html = await NoticeHtml.WriteAsync(NoticeFacts.Of(hostile, s_persons), kind, language);

        Assert.StartsWith("<!DOCTYPE html>", html.TrimStart('\uFEFF'));
        Assert.Contains($"<html lang=\"{language}\">", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("<img", html);
        Assert.DoesNotMatch("<[^>]*(src|href)=", html);
        Assert.DoesNotContain("url(", html);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html);
        Assert.Single(Regex.Matches(html, "</style>"));
        Assert.DoesNotMatch(@"\b(FONTS|PAGE|LETTERS)\b", html);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_pdf_has_its_letters_title_language_and_page_numbers(NoticeKind kind, string language)
    {
        Assert.SkipWhen(WeasyPrinter.Missing() is not null, "no weasyprint: deploy/test.sh installs it");

        var file = await PrintAsync(NoticeFacts.Of(Site, s_persons), kind, language);

        var info = await SaidAsync("pdfinfo", file);
        Assert.Matches(kind == NoticeKind.Sign ? @"Page size:\s+841\.\d+ x 1190\.\d+ pts \(A3\)" : @"Page size:\s+595\.\d+ x 841\.\d+ pts \(A4\)", info);
        Assert.Matches(@"Tagged:\s+yes", info);
        var pages = int.Parse(Regex.Match(info, @"Pages:\s+(\d+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(pages, 1, kind == NoticeKind.Sign ? 1 : 7);
        Assert.Contains($"/Lang ({language})", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)));
        var fonts = (await SaidAsync("pdffonts", file)).Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..];
        Assert.NotEmpty(fonts);
        Assert.All(fonts, f => Assert.Matches(@"\byes\s+yes\s+yes\b", f));
        var text = await SaidAsync("pdftotext", "-layout", file, "-");
        Assert.Contains(Site.Name, text);
        Assert.Contains("044-000-0000", text);
        if (kind == NoticeKind.Guideline) Assert.Contains(language == "ja" ? $"ページ {pages} / {pages}" : $"Page {pages} / {pages}", text);
    }

    /// <summary>Little text is set large; much of it is set smaller, and none is lost.</summary>
    [Theory]
    [InlineData(1, 10, "ja", 26)]
    [InlineData(3, 60, "ja", 12)]
    [InlineData(5, 60, "ja", 12)]
    [InlineData(1, 10, "en", 22)]
    [InlineData(4, 120, "en", 12)]
    public async Task A_sign_is_one_sheet_with_its_last_line_on_it(int purposes, int letters, string language, double least)
    {
        Assert.SkipWhen(WeasyPrinter.Missing() is not null, "no weasyprint: deploy/test.sh installs it");
        var purpose = new BilingualText(string.Concat(Enumerable.Repeat("交通量調査", letters / 5)), string.Join(' ', Enumerable.Repeat("count", letters / 6)));
        var facts = NoticeFacts.Of(Site with { Custody = Site.Custody! with { Purposes = [.. Enumerable.Repeat(purpose, purposes)] } }, s_persons);

        var file = await PrintAsync(facts, NoticeKind.Sign, language);

        Assert.Matches(@"Pages:\s+1\b", await SaidAsync("pdfinfo", file));
        Assert.InRange(SignSize.Of(NoticeWriter.Sign(facts, language)), least, SignSize.Largest);
        // The contact is the last row: it ends above the footer, which begins with the name of the site.
        var boxes = await SaidAsync("pdftotext", "-bbox", file, "-");
        Assert.True(Bottom(boxes, "traffic@kokandori.example") < Top(boxes, Site.Name), boxes);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static double Bottom(string boxes, string word) => Edge(boxes, word, "yMax");

    private static double Top(string boxes, string word) => Edge(boxes, word, "yMin");

    private static double Edge(string boxes, string word, string edge) => double.Parse(
        Regex.Match(Regex.Match(boxes, $"<word[^>]*>[^<]*{Regex.Escape(word)}").Value, $"{edge}=\"([0-9.]+)\"").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<string> PrintAsync(NoticeFacts facts, NoticeKind kind, string language)
    {
        var file = Path.Combine(_folder, $"{Guid.NewGuid():n}.pdf");
        var html = await NoticeHtml.WriteAsync(facts, kind, language);
        await File.WriteAllBytesAsync(file, await new WeasyPrinter(TimeProvider.System).PrintAsync(html, CancellationToken.None));
        return file;
    }

    private static async Task<string> SaidAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo($"/usr/bin/{program}", arguments) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} failed");
        return text;
    }
}
