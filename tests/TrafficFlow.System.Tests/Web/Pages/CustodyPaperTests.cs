using System.Text;
using TrafficFlow.Core.Custody;
using TrafficFlow.Node.Report;
using TrafficFlow.SystemTests.Vault;
using TrafficFlow.SystemTests.Web.Browser.Matrix;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Web.Pages.Custody;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

/// <summary>Records and letters on paper, by the printer that a node uses.</summary>
public sealed class CustodyPaperTests : IAsyncLifetime
{
    /// <summary>Where the papers are laid for a look.</summary>
    private const string Folder = "TRAFFICFLOW_PAPERS";

    private readonly VaultFolder _vault = new();
    private CustodyBooks _books = null!;

    public async ValueTask InitializeAsync()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        await _vault.AddAsync("carla-roadside-maintenance", Role.Operator);
        await _vault.AddAsync("bert", Role.Analyst);
        _books = MatrixCustody.Open(_vault.Path, _vault.Accounts);
        await MatrixCustody.FillAsync(_books);
    }

    [Theory]
    [InlineData("ja")]
    [InlineData("en")]
    public async Task A_record_and_a_letter_are_printed_in_both_languages(string language)
    {
        Assert.SkipWhen(WeasyPrinter.Missing() is not null, WeasyPrinter.Missing() ?? "");
        var register = _books.Inspections.Read();
        var record = await PaperHtml.InspectionAsync(register.Get("i1"), register, MatrixSites.Heavy.TimeZone, language);
        var asked = _books.Requests.Read().Get("q3");
        var letter = await PaperHtml.LetterAsync(
            LetterTemplate.Fill(LetterTemplate.Usual(language), LetterTemplate.ValuesOf(asked, new RequesterContact("請求 一郎", "川崎市川崎区1-2-3", "", ""), MatrixSites.Heavy.Name, "管理 花子", new OperatorContact(new BilingualText("鋼管通り交通計測協議会", "Council"), Telephone: "044-000-0000"), MatrixSites.Heavy.TimeZone, language)), language);

        foreach (var (name, html) in new[] { ("record", record), ("letter", letter) })
        {
            Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
            var pdf = await new WeasyPrinter(TimeProvider.System).PrintAsync(html, TestContext.Current.CancellationToken);
            Assert.True(pdf.AsSpan().StartsWith("%PDF-"u8));
            // Letters of their own: they look alike on every machine.
            Assert.Contains("/FontFile", Encoding.Latin1.GetString(pdf), StringComparison.Ordinal);
            if (Environment.GetEnvironmentVariable(Folder) is { } folder) await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}-{language}.pdf"), pdf, TestContext.Current.CancellationToken);
        }

        Assert.Contains(CustodyTexts.For(language).Of(InspectionItem.WireLock), record, StringComparison.Ordinal);
        Assert.Contains("交通流の計測のためです。", letter, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ja")]
    [InlineData("en")]
    public async Task Every_kind_of_answer_has_a_letter_in_one_language_with_no_place_left_open(string language)
    {
        var asked = _books.Requests.Read().Get("q3");
        foreach (var kind in Enum.GetValues<RequestKind>())
        {
            foreach (var outcome in Enum.GetValues<RequestOutcome>())
            {
                var answered = asked with { Kind = kind, Outcome = outcome, Notes = [], Refusal = outcome is RequestOutcome.Refused or RequestOutcome.PartlyGranted ? "2027-04-01" : "", Receipts = kind == RequestKind.Erasure && outcome == RequestOutcome.Granted ? ["20270415T000033Z-fb3f44ec"] : [], AnsweredAt = asked.EnteredAt };
                var office = new OperatorContact(new BilingualText("鋼管通り交通計測協議会", "Kokandori Traffic Council"), Telephone: "044-000-0000");
                var letter = LetterTemplate.Fill(LetterTemplate.Usual(language), LetterTemplate.ValuesOf(answered, new RequesterContact("T. S.", "1-2-3", "", ""), "1", "2", office, MatrixSites.Heavy.TimeZone, language));
                Assert.DoesNotContain("{", letter, StringComparison.Ordinal);
                if (language == "ja") Assert.DoesNotMatch("[A-Za-z]{3,} [A-Za-z]{3,}", letter);
                else Assert.DoesNotMatch("[\u3041-\u30ff]", letter);
                if (Environment.GetEnvironmentVariable(Folder) is { } folder && outcome is RequestOutcome.Granted or RequestOutcome.Refused && WeasyPrinter.Missing() is null)
                    await File.WriteAllBytesAsync(Path.Combine(folder, $"letter-{kind}-{outcome}-{language}.pdf"), await new WeasyPrinter(TimeProvider.System).PrintAsync(await PaperHtml.LetterAsync(letter, language), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
            }
        }
    }

    [Theory]
    [InlineData("{id", "is no place of a letter")]
    [InlineData("{}", "is no place of a letter")]
    [InlineData("{password}", "there are {id}")]
    public void A_place_that_there_is_not_is_told(string template, string told) =>
        Assert.Contains(told, Assert.Throws<FormatException>(() => LetterTemplate.Fill(template, new Dictionary<string, string>())).Message, StringComparison.Ordinal);

    public ValueTask DisposeAsync()
    {
        _vault.Dispose();
        return ValueTask.CompletedTask;
    }
}
