using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Report;
using TrafficFlow.Server.Queries;
using TrafficFlow.SystemTests.Web.Browser;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Reports;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.OutboxEntries;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Reports;

/// <summary>What a report says, against what was written into the tables; as HTML and, printed by the real WeasyPrint, as PDF.</summary>
[Collection(CountedReports.Name)]
public sealed partial class ReportDocumentTests(CountedReportFixture counted)
{
    private static readonly Site s_site = CountedReportFixture.Site;
    private static readonly Interval s_span = CountedReportFixture.Day.Span(s_site.TimeZone);

    [Theory]
    [InlineData("en", "Traffic report", "passenger car", "not watched")]
    [InlineData("ja", "交通量報告書", "乗用車", "未観測")]
    public async Task Its_figures_are_what_was_counted_and_the_blind_noon_is_missing(string language, string title, string car, string missing)
    {
        var html = await HtmlAsync(CountedReportFixture.Day, language);

        Assert.Contains($"lang=\"{language}\"", html);
        Assert.Contains(title, html);
        Assert.Contains(car, html);
        Assert.Contains(s_site.Name, html);
        // The last approach was blind for two hours: what it has is a lower bound, and so is the sum.
        Assert.Equal($"≥ {Figures.Grouped(CountedDays.Entering(s_site, s_span))}", Figure(html, "entered"));
        foreach (var from in s_site.Approaches.Select(a => a.Id))
        {
            var bound = from == s_site.Approaches[^1].Id ? "≥ " : "";
            Assert.Equal($"{bound}{Figures.Grouped(s_site.Approaches.Where(a => a.Id != from).Sum(a => Ways(from, a.Id)))}", Figure(html, $"approach-{from}"));
            foreach (var to in s_site.Approaches.Select(a => a.Id).Where(a => a != from))
                Assert.StartsWith($"{bound}{Figures.Grouped(Ways(from, to))} ", $"{Figure(html, $"way-{from}-{to}")} ");
        }

        // The hours of the table: at 11 nobody watched the last one.
        var eleven = Row(html, "11:00");
        Assert.Equal(s_site.Approaches.Count, eleven.Count - 3);
        Assert.Equal("–", eleven[s_site.Approaches.Count - 1]);
        Assert.Equal("75 %", eleven[^1]);
        Assert.Contains(missing, html);
        Assert.Contains("2026-05-11 11:00–13:00", html);
        // The accuracy was not measured, and nothing is said of it.
        Assert.Contains(ReportTexts.For(language).NotScored, html);
        Assert.Contains("vehicles 2", html);
        Assert.Contains("0123456789abcdef", html);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task It_needs_nothing_but_itself(string language)
    {
        var html = await HtmlAsync(CountedReportFixture.Day, language);

        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("<link", html);
        Assert.DoesNotContain("<img", html);
        Assert.DoesNotContain(" href=", html);
        Assert.DoesNotContain("url(", html);
        Assert.DoesNotContain("@import", html);
        Assert.DoesNotContain("://", html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal));
        Assert.All(Svg().Matches(html), s => Assert.Contains("aria-label=\"", s.Value));
        Assert.Equal(Regex.Count(html, "<svg"), Regex.Count(html, "<figcaption>"));
    }

    [Fact]
    public async Task Its_peak_hours_are_those_of_the_quarters_and_its_week_before_is_compared_without_the_blind_hours()
    {
        var figures = await FiguresAsync(CountedReportFixture.Day);

        // 96 quarters, by hand: what enters by all, unknown while the last one is blind.
        var quarters = Enumerable.Range(0, 96).Select(i => new Interval(s_span.From.AddMinutes(15 * i), s_span.From.AddMinutes(15 * (i + 1))))
            .Select(q => CountedDays.IsBlind(s_site, s_site.Approaches[^1].Id, q.From) ? (int?)null : CountedDays.Entering(s_site, q)).ToList();
        var best = Enumerable.Range(0, 45).Where(i => quarters.Skip(i).Take(4).All(q => q is not null)).MaxBy(i => quarters.Skip(i).Take(4).Sum());
        var peak = figures.Peaks[0].Morning!;
        Assert.Equal((s_span.From.AddMinutes(15 * best), quarters.Skip(best).Take(4).Sum()), (peak.Start, (int?)peak.Volume));
        var week = figures.Week.Lines[0];
        Assert.Equal((22, week.Before, 0.0), (week.Compared, week.Now, week.Change!.Value));
        Assert.Equal(22 * 60 * 60, figures.Coverage.Approaches[^1].Observed.TotalSeconds);
        // Delay of the journeys of one hour.
        Assert.Equal(360, figures.Ways!.Sum(w => w.Vehicles));
    }

    [Fact]
    public async Task A_day_without_a_bin_is_missing_and_not_zero()
    {
        var html = await HtmlAsync(CountedReportFixture.Empty, "en");

        Assert.Contains("That is missing, not zero.", html);
        Assert.Equal("–", Figure(html, "entered"));
        Assert.Contains("nothing stored", html);
        Assert.DoesNotMatch("<td[^>]*>0</td>", html);
    }

    [Fact]
    public async Task Days_of_a_week_stand_below_each_other_and_missing_ones_are_missing()
    {
        var html = await HtmlAsync(new Period(new DateOnly(2026, 5, 8), new DateOnly(2026, 5, 11)), "en");

        Assert.Equal("–", Row(html, "2026-05-09 (Sat)")[0]);
        Assert.Equal(Figures.Grouped(s_site.Approaches.Skip(1).Sum(a => Ways(s_site.Approaches[0].Id, a.Id))), Row(html, "2026-05-11 (Mon)")[0]);
    }

    [Fact]
    public async Task A_month_is_shown_by_days()
    {
        var html = await HtmlAsync(new Period(new DateOnly(2026, 4, 20), new DateOnly(2026, 5, 14)), "en");

        Assert.Equal(Figures.Grouped(s_site.Approaches.Skip(1).Sum(a => Ways(s_site.Approaches[0].Id, a.Id))), Row(html, "2026-05-04 (Mon)")[0]);
        Assert.Contains("The period is not over: what had ended by 2026-05-12 06:00", html);
        Assert.Contains("Against 28 days before", html);
    }

    [Fact]
    public async Task A_measured_accuracy_is_told_with_its_clips_and_no_other()
    {
        var row = new ScoreFigures("", 120, 118, 4, 2, 0.9831, 0.9667, -1.67, 0.18);
        var score = new ScoreReport("2026-05-01-noon", new DateTimeOffset(2026, 5, 2, 0, 0, 0, TimeSpan.Zero), row, [], [], [], [row with { Name = "day" }], null, null);

        var html = await ReportHtml.WriteAsync(await FiguresAsync(CountedReportFixture.Day) with { Scores = [score] }, "en");

        Assert.Contains("2026-05-01-noon” of 2026-05-02", html);
        Assert.Contains("0.967", html);
        Assert.Contains("-1.7 %", html);
        Assert.DoesNotContain("was not measured: no comparison", html);
    }

    [Fact]
    public async Task What_cameras_complain_of_is_in_the_language_of_the_report_where_it_is_known()
    {
        var camera = new CameraStatus(s_site.Id, s_site.Cameras[0].Id, CameraState.BackingOff, "detector failed: out of memory", 10, 0, 0, 0, null, 0, 0, "", SceneState.Blurred, new SceneVerdict(SceneState.Blurred).Explain());
        var figures = await FiguresAsync(CountedReportFixture.Day) with { Cameras = [camera] };

        var html = await ReportHtml.WriteAsync(figures, "ja");

        Assert.Contains("<span lang=\"ja\">映像がぼけています", html);
        Assert.Contains("<span lang=\"en\">detector failed: out of memory</span>", html);
        Assert.DoesNotContain("the picture is blurred", html);
        Assert.Contains("the picture is blurred", await ReportHtml.WriteAsync(figures, "en"));
    }

    [Fact]
    public async Task Delay_is_of_all_journeys_however_many_there_were()
    {
        var journeys = new ManyJourneys(150_000);

        var figures = await ReportReader.ReadAsync(counted.Sources with { Journeys = journeys }, new ReportQuestion(s_site, CountedReportFixture.Day), CountedReportFixture.Now, CancellationToken.None);

        var way = Assert.Single(figures.Ways!);
        Assert.Equal((150_000, 1.0, 5.0), (way.Vehicles, way.Stops, way.StoppedSeconds));
        // Those of the evening waited longer than those of the morning.
        Assert.Equal((0.0 + 149_999) / 2, way.DelaySeconds, 3);
        Assert.Equal(36, way.TravelSpeedKmh!.Value, 6);
    }

    /// <summary>Page after page, from one approach to one exit.</summary>
    private sealed class ManyJourneys(int count) : IJourneyQuery
    {
        public Task<JourneyPage> ReadAsync(JourneyFilter filter, string? cursor, int limit, CancellationToken cancellation)
        {
            var from = cursor is null ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture);
            var to = Math.Min(count, from + limit);
            return Task.FromResult(new JourneyPage([.. Enumerable.Range(from, to - from).Select(Of)], to < count ? to.ToString(CultureInfo.InvariantCulture) : null));
        }

        private static StoredJourney Of(int number)
        {
            var entered = s_span.From.AddMilliseconds(500.0 * number);
            var journey = new Journey(number + 1, s_site.Approaches[0].Id, s_site.Approaches[1].Id, entered, entered.AddSeconds(10), VehicleClass.PassengerCar, 0.9)
            {
                FirstSeenAt = entered,
                LastSeenAt = entered.AddSeconds(10),
                DistanceMetres = 100,
                DelaySeconds = number,
                Stops = 1,
                StoppedSeconds = 5,
                Cameras = 2,
            };
            return new StoredJourney(new CameraId("junction"), new LogPosition(1, number + 1), journey, new Provenance("0123456789abcdef", "motion", "1", "none"));
        }
    }

    [Fact]
    public async Task A_name_cannot_become_markup()
    {
        var named = s_site with { Name = "</title><script>alert(1)</script>", Approaches = [.. s_site.Approaches.Select((a, i) => a with { Name = $"<b>{i}" })] };
        var figures = await FiguresAsync(CountedReportFixture.Day);

        var html = await ReportHtml.WriteAsync(figures with { Question = figures.Question with { Site = named } }, "en");

        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("<b>", html);
    }

    [Fact]
    public async Task The_pdf_holds_the_same_figures_with_its_letters_title_and_language()
    {
        Assert.SkipWhen(WeasyPrinter.Missing() is not null, "no weasyprint: deploy/test.sh installs it");
        await Task.WhenAll(PrintedAsync("en", "Traffic report"), PrintedAsync("ja", "交通量報告書"));
    }

    private async Task PrintedAsync(string language, string title)
    {
        var file = Path.Combine(counted.Folder, $"{Guid.NewGuid():N}.pdf");
        await File.WriteAllBytesAsync(file, await new WeasyPrinter(TimeProvider.System).PrintAsync(await HtmlAsync(CountedReportFixture.Day, language), CancellationToken.None), TestContext.Current.CancellationToken);

        var text = await SaidAsync("pdftotext", "-layout", file, "-");
        Assert.Contains($"≥ {Figures.Grouped(CountedDays.Entering(s_site, s_span))}", text);
        Assert.Contains(title, text);
        Assert.Contains(s_site.Name, text);
        foreach (var to in s_site.Approaches.Skip(1)) Assert.Contains(Figures.Grouped(Ways(s_site.Approaches[0].Id, to.Id)), text);
        // Every font is in the file: emb yes, sub yes, uni yes.
        var fonts = (await SaidAsync("pdffonts", file)).Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..];
        Assert.NotEmpty(fonts);
        Assert.All(fonts, f => Assert.Matches(@"\byes\s+yes\s+yes\b", f));
        var info = await SaidAsync("pdfinfo", file);
        Assert.Contains($"{title} · {s_site.Name}", info);
        Assert.Matches(@"Page size:\s+595\.\d+ x 841\.\d+ pts \(A4\)", info);
        Assert.Matches(@"Tagged:\s+yes", info);
        Assert.Contains($"/Lang ({language})", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)));
    }

    private async Task<ReportFigures> FiguresAsync(Period period) => await ReportReader.ReadAsync(counted.Sources, new ReportQuestion(s_site, period), CountedReportFixture.Now, CancellationToken.None);

    private async Task<string> HtmlAsync(Period period, string language) => await ReportHtml.WriteAsync(await FiguresAsync(period), language);

    private static int Ways(ApproachId from, ApproachId to) => new BinAlignment(s_site.TimeZone).Touching(s_span, BinDuration.FiveMinutes).Where(b => !CountedDays.IsBlind(s_site, from, b.From))
        .Sum(b => new[] { VehicleClass.PassengerCar, VehicleClass.LightGoods, VehicleClass.HeavyGoods, VehicleClass.Bus, VehicleClass.Motorcycle }.Sum(c => CountedDays.Vehicles(s_site, from, to, c, b.From)));

    /// <summary>Text of the cell that is marked so.</summary>
    private static string Figure(string html, string name) => Plain(Regex.Match(html, $"data-figure=\"{Regex.Escape(name)}\"[^>]*>(.*?)</td>", RegexOptions.Singleline).Groups[1].Value);

    /// <summary>Texts of the cells of the first row that begins so.</summary>
    private static IReadOnlyList<string> Row(string html, string begin) =>
        [.. Regex.Matches(Regex.Match(html, $"<th scope=\"row\">{Regex.Escape(begin)}</th>(.*?)</tr>", RegexOptions.Singleline).Groups[1].Value, "<td[^>]*>(.*?)</td>", RegexOptions.Singleline).Select(m => Plain(m.Groups[1].Value))];

    private static string Plain(string html) => string.Join(' ', System.Net.WebUtility.HtmlDecode(Regex.Replace(html, "<[^>]*>", " ")).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    private static async Task<string> SaidAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo($"/usr/bin/{program}", arguments) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"{program} ended with {process.ExitCode}"));
        return text;
    }

    [GeneratedRegex("<svg[^>]*>")]
    private static partial Regex Svg();
}
