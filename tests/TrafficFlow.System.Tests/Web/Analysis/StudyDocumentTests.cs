using System.Diagnostics;
using System.Text.RegularExpressions;
using TrafficFlow.Analysis.Causes;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Node.Report;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Web.Pages.Analysis;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Analysis;

/// <summary>The report of a study, against the study itself.</summary>
public sealed partial class StudyDocumentTests
{
    /// <summary>Where the reports are laid for somebody to look at.</summary>
    private const string Folder = "TRAFFICFLOW_PICTURES";

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task It_needs_nothing_but_itself_and_all_drawings_say_what_they_show(string language)
    {
        var html = await StudyHtml.WriteAsync(StudySample.Study, language);

        Assert.Contains($"lang=\"{language}\"", html);
        foreach (var part in new[] { "<script", "<link", "<img", " href=", "url(", "@import" }) Assert.DoesNotContain(part, html);
        Assert.DoesNotContain("://", html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal));
        Assert.All(Svg().Matches(html), s => Assert.Contains("aria-label=\"", s.Value));
        Assert.Equal(Regex.Count(html, "<svg"), Regex.Count(html, "<figcaption>"));
        Assert.DoesNotContain("NaN", html);
        Assert.DoesNotMatch(@"\{\d\}", html);
        if (Environment.GetEnvironmentVariable(Folder) is { } folder) await KeepAsync(folder, language, html);
    }

    [Fact]
    public void Everything_that_a_study_can_name_has_words_in_both_languages()
    {
        Assert.Equal(Enum.GetValues<CauseKind>(), CauseWords.Known.Order());
        Assert.Equal(Enum.GetValues<EvidenceName>(), EvidenceWords.Known.Order());
        Assert.Equal(Enum.GetValues<UnsaidKind>(), UnsaidWords.Known.Order());
        foreach (var words in StudyHtml.Languages.Select(StudyWords.For))
        {
            foreach (var property in typeof(StudyWords).GetProperties().Where(p => p.PropertyType == typeof(string))) Assert.NotEmpty((string)property.GetValue(words)!);
            Assert.All(Enum.GetValues<MeasureKind>(), k => Assert.NotEqual($"{k}", words.MeasureName(k)));
        }

        // A sentence takes as many figures in one language as in the other.
        foreach (var property in typeof(StudyWords).GetProperties().Where(p => p.PropertyType == typeof(string)))
            Assert.Equal(Holes((string)property.GetValue(StudyWords.For("en"))!), Holes((string)property.GetValue(StudyWords.For("ja"))!));
    }

    [Fact]
    public async Task Its_figures_are_those_of_the_study()
    {
        var study = StudySample.Study;
        var html = await StudyHtml.WriteAsync(study, "en");
        var view = new StudyView(study, "en", isPaper: true);

        var north = study.Approaches.First(a => a.Approach == StudySample.North);
        Assert.NotEmpty(north.Events);
        // The queue reached beyond sight: what was lost before is not in it.
        Assert.Equal($"≥ {StudyView.Number(north.VehicleHoursLost)}", Figure(html, "lost-n-in"));
        Assert.Contains($"{StudyView.Number(study.Proposals[0].Timing.Gain.Mean)} veh·h per hour", Figure(html, "gain"));
        // Blind for half an hour of three: one approach of four.
        Assert.Equal(0.958, view.WatchedShare!.Value, 3);
        Assert.Equal(2, study.Approaches.First(a => a.Approach == StudySample.East).Levels.Count(l => l.ObservedShare == 0 && l.Level == CongestionLevel.Unknown));
        Assert.Equal(["GreenTooShort", "DemandSurge", "CycleTooLong", "CameraTrouble"], Cause().Matches(html).Select(m => m.Groups[1].Value));
        Assert.Contains("≥ 90 m", html);
        Assert.Contains("nobody watched", html);
    }

    [Fact]
    public void The_summary_says_how_it_is_why_and_what_would_help()
    {
        var sentences = StudySummary.Of(new StudyView(StudySample.Study, "en", isPaper: true));

        Assert.Equal(3, sentences.Count);
        Assert.Contains("本町通り 北 lost the most", sentences[0]);
        Assert.Contains("Green too short", sentences[1]);
        Assert.Contains("Surge of demand", sentences[1]);
        Assert.Contains("waits", sentences[2]);
        Assert.Contains("in the calibrated simulator −", sentences[2]);
        Assert.All(sentences, s => Assert.Matches(@"\d", s));
    }

    [Fact]
    public async Task A_study_of_nothing_says_what_is_missing_and_shows_no_zero()
    {
        var study = StudySample.Study;
        var nothing = new JunctionStudy(
            study.Subject with { Vehicles = 0, Provenance = [], TimeZone = "Nowhere/None" },
            [.. study.Approaches.Select(a => new ApproachStudy(a.Approach, a.Name, TimeSpan.Zero, [.. a.Levels.Select(l => new LevelCell(l.Span, 0, null, 0, 0, 0, 0, null, null, null, null))], [], [], []))],
            new SignalStudy(SignalSource.Unknown, new InferredSignals([], []), [], null), [])
        {
            Unsaid = [new(UnsaidKind.NotWatched, null, study.Subject.Span)],
        };

        foreach (var language in StudyHtml.Languages)
        {
            var words = StudyWords.For(language);
            var html = await StudyHtml.WriteAsync(nothing, language);
            Assert.Contains(words.NoPlans, html);
            Assert.Contains(words.NoMovements, html);
            Assert.Contains(words.NoQueues, html);
            Assert.Contains(words.SummaryNoCause, html);
            Assert.Contains("Nowhere/None", html);
            // For how long it was watched is the only figure that is known, and it is zero.
            Assert.All(study.Approaches, a => Assert.Equal("–", Figure(html, $"lost-{a.Approach}")));
            Assert.Equal(study.Approaches.Length, Zero().Count(html));
        }
    }

    [Fact]
    public async Task A_week_has_its_days_below_each_other_and_says_what_comes_again()
    {
        var html = await StudyHtml.WriteAsync(StudySample.Week, "en");

        foreach (var day in new[] { "2026-05-11 (Mon)", "2026-05-17 (Sun)" }) Assert.Contains(day, html);
        Assert.Contains("5 of 7 watched (71 %)", html);
        Assert.Contains("The day with the longest queue: 2026-05-11 (Mon).", html);
        Assert.DoesNotContain(StudyWords.For("en").NoRecurrence, html);
        if (Environment.GetEnvironmentVariable(Folder) is { } folder) await KeepAsync(folder, "week", html);
    }

    [Theory]
    [Trait("Run", "Long")]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task It_is_printed_by_the_printer_of_reports(string language)
    {
        Assert.SkipWhen(WeasyPrinter.Missing() is not null, WeasyPrinter.Missing() ?? "");
        using var folder = new SettingsFolder();
        var file = Path.Combine(folder.Path, "study.pdf");
        await File.WriteAllBytesAsync(file, await new WeasyPrinter(TimeProvider.System).PrintAsync(await StudyHtml.WriteAsync(StudySample.Study, language), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        using var process = Process.Start(new ProcessStartInfo("pdftotext", ["-layout", file, "-"]) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Contains(StudyWords.For(language).ReportTitle, text);
        Assert.Contains(StudySample.Study.Subject.SiteName, text);
        Assert.Contains(StudyView.Number(StudySample.Study.Proposals[0].Timing.Gain.Mean), text);
        Assert.Contains("≥ 90 m", text);
        // What is cut at the edge of the sheet is not in the text either: the last column of the widest tables.
        Assert.Contains(StudyView.Figure(StudySample.Study.Movements.First(m => m.SplitFailures?.Value > 0.1).SplitFailures, "0", 100), text);
    }

    [Fact]
    public void A_study_that_was_cut_or_changed_by_hand_is_refused_with_what_to_do()
    {
        var study = StudySample.Study;
        JunctionStudy[] faulty =
        [
            study with { Causes = default }, study with { Subject = study.Subject with { Span = new Interval(study.Subject.Span.To, study.Subject.Span.From) } },
            study with { Approaches = [.. study.Approaches.Select(a => a with { Levels = default })] }, study with { Proposals = [.. study.Proposals.Select(p => p with { Timing = null! })] },
            study with { Signals = study.Signals with { Inferred = study.Signals.Inferred with { Plans = [.. study.Signals.Inferred.Plans.Select(p => p with { Stages = [.. p.Stages.Select(s => s with { Groups = [99] })] })] } } },
        ];

        Assert.All(faulty, f => Assert.Contains("trafficflow analyse", Assert.Throws<InvalidDataException>(() => new StudyView(f, "en", isPaper: true)).Message));
    }

    [Theory]
    [InlineData(12.34, 12.0, 12.7, "12.3 ± 0.4")]
    [InlineData(10, 4, 30, "10.0 (4.0–30.0)")]
    [InlineData(5, double.NegativeInfinity, double.PositiveInfinity, "5.0 ± ?")]
    [InlineData(double.NaN, 0, 1, "–")]
    [InlineData(-3, -4, -2, "−3.0 ± 1.0")]
    public void An_estimate_is_written_with_its_interval(double value, double low, double high, string text) => Assert.Equal(text, StudyView.Figure(new Estimate(value, low, high)));

    [Fact]
    public void What_is_not_known_is_a_dash_and_a_queue_beyond_sight_a_bound()
    {
        Assert.Equal(("–", "–", "–"), (StudyView.Number(null), StudyView.Figure(null), StudyView.Metres((double?)null, true)));
        Assert.Equal(("≥ 62 m", "≥ 95 ± 14 m", "41 m"), (StudyView.Metres(62, true), StudyView.Metres(new Estimate(95, 81, 109), true), StudyView.Metres(41, false)));
        Assert.Equal(("+1.2", "−1.2", "0.0"), (StudyView.Change(1.2), StudyView.Change(-1.2), StudyView.Change(-0.01)));
    }

    [Fact]
    public void A_span_of_another_day_names_its_day_and_midnight_is_the_end_of_a_day()
    {
        var view = new StudyView(StudySample.Study with { Subject = StudySample.Study.Subject with { Span = new Interval(At("2026-05-11T00:00"), At("2026-05-13T00:00")) } }, "en", isPaper: true);

        Assert.Equal("2026-05-11 22:00–24:00", view.Span(new Interval(At("2026-05-11T22:00"), At("2026-05-12T00:00"))));
        Assert.Equal("2026-05-11 22:00 – 2026-05-12 02:00", view.Span(new Interval(At("2026-05-11T22:00"), At("2026-05-12T02:00"))));
    }

    private static DateTimeOffset At(string local) => new(DateTime.Parse(local, global::System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(9));

    private static async Task KeepAsync(string folder, string language, string html)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, $"study.{language}.html"), html, TestContext.Current.CancellationToken);
        if (WeasyPrinter.Missing() is null) await File.WriteAllBytesAsync(Path.Combine(folder, $"study.{language}.pdf"), await new WeasyPrinter(TimeProvider.System).PrintAsync(html, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
    }

    private static int[] Holes(string text) => [.. Hole().Matches(text).Select(m => int.Parse(m.Groups[1].Value, global::System.Globalization.CultureInfo.InvariantCulture)).Distinct().Order()];

    private static string Figure(string html, string name) => Regex.Match(html, $"data-figure=\"{name}\"[^>]*>([^<]*)<").Groups[1].Value;

    [GeneratedRegex("<svg[^>]*>")]
    private static partial Regex Svg();

    [GeneratedRegex("data-cause=\"([A-Za-z]+)\"")]
    private static partial Regex Cause();

    [GeneratedRegex("<td[^>]*>0(\\.0+)?</td>")]
    private static partial Regex Zero();

    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Hole();
}
