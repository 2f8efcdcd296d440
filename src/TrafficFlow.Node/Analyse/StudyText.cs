using System.Globalization;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Analysis;

namespace TrafficFlow.Node.Analyse;

/// <summary>A study as lines for a terminal, in the order in which an engineer asks.</summary>
internal sealed class StudyText(StudyTexts texts)
{
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;
    private bool _isOneDay;

    private StudyWords Words => StudyWords.For(texts.Language);

    public IEnumerable<string> Lines(JunctionStudy study)
    {
        _zone = TimeZoneInfo.FindSystemTimeZoneById(study.Subject.TimeZone);
        _isOneDay = Local(study.Subject.Span.From).Date == Local(study.Subject.Span.To.AddTicks(-1)).Date;
        var subject = study.Subject;
        yield return $"{subject.SiteName} ({subject.Site}), {Local(subject.Span.From):yyyy-MM-dd HH:mm} – {Local(subject.Span.To):yyyy-MM-dd HH:mm} {subject.TimeZone}, {subject.Profile}, {subject.Vehicles.ToString("N0", Inv)} {texts.Vehicles}";
        foreach (var line in Section(texts.Congestion, Congestion(study))) yield return line;
        foreach (var line in Section(texts.Signals, Signals(study))) yield return line;
        foreach (var line in Section(texts.Movements, Movements(study))) yield return line;
        foreach (var line in Section(texts.Causes, Causes(study))) yield return line;
        foreach (var line in Section(texts.Proposals, Proposals(study))) yield return line;
        foreach (var line in Section(texts.NotSaid, Unsaid(study))) yield return line;
    }

    private static CultureInfo Inv => CultureInfo.InvariantCulture;

    private static IEnumerable<string> Section(string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        return all.Count == 0 ? [] : ["", title, .. all.Select(l => $"  {l}")];
    }

    private IEnumerable<string> Congestion(JunctionStudy study)
    {
        List<string[]> rows = [[texts.Approach, texts.Watched, texts.Count, texts.Lost, texts.CongestedShare, texts.LongestQueue, texts.Seen]];
        foreach (var approach in study.Approaches)
        {
            var known = approach.Levels.Where(l => l.Level != CongestionLevel.Unknown).ToList();
            var longest = approach.Levels.Where(l => l.LongestQueueMetres is not null).MaxBy(l => l.LongestQueueMetres);
            rows.Add(
            [
                approach.Approach.Value, Percent(approach.Observed / study.Subject.Span.Length), approach.Vehicles.ToString("N0", Inv), approach.Vehicles > 0 ? F1(approach.VehicleHoursLost) : "",
                known.Count > 0 ? Percent((double)known.Count(l => l.Level == CongestionLevel.Congested) / known.Count) : texts.Level(CongestionLevel.Unknown),
                longest is null ? "" : $"{(longest.IsBeyondSight ? "≥ " : "")}{F0(longest.LongestQueueMetres!.Value)}",
                approach.SeenMetres is { } seen ? F0(seen) : "",
            ]);
        }

        foreach (var line in Table(rows)) yield return line;
        var events = study.Approaches.SelectMany(a => a.Events).OrderByDescending(e => e.ExpandedVehicleHours).Take(20).ToList();
        if (events.Count == 0 && study.Approaches.Any(a => a.Levels.Any(l => l.Level != CongestionLevel.Unknown))) yield return texts.NoEvent;
        foreach (var e in events)
            yield return $"{texts.Event} {e.Approach} {(e.IsBeginSeen ? "" : "≤ ")}{Span(e.Span)}{(e.IsEndSeen ? "" : " ≤")}: {F1(e.ExpandedVehicleHours)} veh·h, {F0(e.LowestKmh)} km/h{(e.LongestMetres > 0 ? $", {(e.IsBeyondSight ? "≥ " : "")}{F0(e.LongestMetres)} m" : "")}";
        foreach (var r in study.Approaches.SelectMany(a => a.Recurrent).Where(r => r.Days.Length > 1))
            yield return $"{texts.Recurs} {r.Approach}: {string.Format(Inv, texts.DaysOf, r.Begins.ToString("HH:mm", Inv), r.Ends.ToString("HH:mm", Inv), r.Days.Length, r.WatchedDays, F1(r.VehicleHoursPerDay))}";
    }

    private IEnumerable<string> Signals(JunctionStudy study)
    {
        var signals = study.Signals;
        yield return signals.Source switch { SignalSource.Inferred => texts.Inferred, SignalSource.Controller => texts.FromController, _ => texts.NoSignals };
        if (signals.ClockSeconds is { } clock) yield return string.Format(Inv, texts.Clock, F1(clock.Value), F1(clock.Margin));
        for (var i = 0; i < signals.Periods.Length; i++)
        {
            var (period, plan) = (signals.Periods[i], signals.Inferred.Plans[signals.Periods[i].Plan]);
            yield return $"P{i + 1} {string.Join(", ", period.Plans.Take(8).Select(p => Span(signals.Inferred.Plans[p].Span)))}{(period.Plans.Length > 8 ? " …" : "")}: {texts.Cycle} {With(plan.CycleSeconds)} s";
            foreach (var (stage, number) in plan.Stages.Select((s, n) => (s, n + 1)))
                yield return $"   {number} {string.Join(" + ", stage.Groups.Select(g => $"{plan.Groups[g].Approach} ({string.Join(", ", plan.Groups[g].Movements)})"))}: {texts.Split} {With(stage.SplitSeconds)} s{Greens(plan, stage)}";
        }

        foreach (var varying in signals.Inferred.Varying) yield return $"{Span(varying.Span)}: {string.Format(Inv, texts.Varies, With(varying.MeanCycleSeconds), F1(varying.DeviationSeconds), varying.CycleBegins.Length)}";
        foreach (var compared in signals.Comparison)
            yield return $"   {compared.Approach} {compared.Movement}: {texts.Cycle} {With(compared.Cycle.Inferred)} / {F1(compared.Cycle.Logged)} s{(compared.Green is { } green ? $", {texts.Green} {With(green.Inferred)} / {F1(green.Logged)} s" : "")}";
    }

    private string Greens(InferredPlan plan, InferredStage stage) =>
        stage.Groups.Select(g => plan.Groups[g].GreenSeconds).OfType<Estimate>().OrderByDescending(g => g.Value).Select(g => (Estimate?)g).FirstOrDefault() is { } green ? $", {texts.Green} {With(green)} s" : "";

    private IEnumerable<string> Movements(JunctionStudy study)
    {
        var knowsClasses = study.Unsaid.All(u => u.Kind != UnsaidKind.ClassesUnknown);
        foreach (var plan in study.Movements.GroupBy(m => m.Plan))
        {
            List<string[]> rows =
            [
                [plan.Key is { } p ? $"P{study.Signals.Periods.ToList().FindIndex(period => period.Plan == p) + 1}" : "", "/h", texts.Heavy, texts.Lanes, texts.Saturation, texts.FlowRatio, texts.Degree, texts.OnGreen, texts.Failures, texts.Delay],
            ];
            foreach (var m in plan)
            {
                rows.Add(
                [
                    $"{m.Approach} {m.Movement}", $"{F0(m.PerHour.Value)} ±{F0(m.PerHour.Margin)}", knowsClasses ? Percent(m.HeavyShare) : "", m.Lanes?.ToString(Inv) ?? "", m.SaturationFlow is { } s ? $"{F0(s.Value)} ±{F0(s.Margin)}{(m.IsSaturationMeasured ? "" : " *")}" : "",
                    m.FlowRatio is { } y ? F2(y) : "", m.DegreeOfSaturation is { } x ? $"{F2(x.Value)} ±{F2(x.Margin)}" : "", m.ArrivalsOnGreen is { } g ? Percent(g.Value) : "", m.SplitFailures is { } f ? Percent(f.Value) : "", m.MeanDelaySeconds is { } d ? F0(d) : "",
                ]);
            }

            foreach (var line in Table(rows)) yield return line;
        }

        if (study.Movements.Any(m => !m.IsSaturationMeasured)) yield return texts.WorksheetNote;
    }

    private IEnumerable<string> Causes(JunctionStudy study) => study.Causes.Take(20).Select(c =>
        $"{CauseWords.Of(c.Kind, Words).Name} {c.Approach}{(c.Movement is { } m ? $" {m}" : "")} {Span(c.Span)}: {F1(c.VehicleHoursLost)} {texts.VehicleHours}, {texts.Confidence} {Percent(c.Confidence)}"
        + $"{(c.Rivals.IsEmpty ? "" : $" ({texts.Rivals} {string.Join(", ", c.Rivals.Select(r => CauseWords.Of(r, Words).Name))})")}; "
        + string.Join(", ", c.Evidence.Select(e => EvidenceWords.Of(e.Name, Words).Write(e))));

    private IEnumerable<string> Proposals(JunctionStudy study)
    {
        foreach (var proposal in study.Proposals)
        {
            var timing = proposal.Timing;
            yield return $"{timing.Today.Plan.Name}, {Span(proposal.Span)}{(proposal.IsPeakHour ? $" ({texts.PeakHour})" : "")}";
            List<string[]> rows = [["", texts.Cycle, $"{texts.Green} {string.Join(" / ", timing.Today.Plan.Stages.Select(s => s.Name))}", texts.MeanDelay, texts.Stops, "veh·h/h", texts.Degree]];
            foreach (var (name, effect) in new[] { (texts.Today, (PlanEffect?)timing.Today), (texts.Webster, timing.Webster), (texts.Proposed, timing.IsChange ? timing.Proposed : null), (texts.WithinBound, timing.Worse.Any(w => w.IsBeyondBound) ? timing.WithinBound : null) })
            {
                if (effect is null) continue;
                rows.Add([name, $"{F0(effect.Plan.CycleSeconds)} s", string.Join(" / ", effect.Plan.Stages.Select(s => F0(s.GreenSeconds))), $"{F1(effect.MeanDelaySeconds)} s", F2(effect.MeanStops), F1(effect.VehicleHoursPerHour), F2(effect.Groups.Max(g => g.DegreeOfSaturation))]);
            }

            foreach (var line in Table(rows)) yield return line;
            if (!timing.IsChange) yield return texts.NoChange;
            else yield return string.Format(Inv, texts.Gain, F1(timing.Gain.Mean), F1(timing.Gain.Low), F1(timing.Gain.High));
            foreach (var worse in timing.Worse) yield return string.Format(Inv, texts.Worse, worse.Group, F1(worse.AddedSeconds)) + (worse.IsBeyondBound ? texts.WorseBound : "");
            foreach (var line in Simulated(proposal.Simulated)) yield return line;
            foreach (var measure in proposal.Measures) yield return $"{texts.Measures}: {Words.MeasureName(measure.Kind)} {measure.Approach}{(measure.Movement is { } m ? $" {m}" : "")}";
        }
    }

    private IEnumerable<string> Simulated(SimulationStudy? simulation)
    {
        if (simulation is null) yield break;
        yield return $"{simulation.Simulator}: {string.Format(Inv, texts.Calibration, string.Join(", ", simulation.Measured.Select((m, i) => $"{m.Approach} {F1(m.DelaySeconds)} / {F1(simulation.Simulated[i])} s")))}{(simulation.IsCalibrated ? "" : $": {texts.NotCalibratedText}")}";
        yield return $"{texts.Assumed}: {string.Join("; ", simulation.Assumptions)}";
        // What a model says that does not tell today is no statement about tomorrow.
        if (!simulation.IsCalibrated) yield break;
        var delay = simulation.Comparison.All.DelaySeconds;
        yield return string.Format(
            Inv, texts.SimulatedText, simulation.Simulator, simulation.Comparison.Seeds, F1(delay.Before), F1(delay.After), Signed(delay.Change), Signed(delay.Low), Signed(delay.High), delay.IsBeyondNoise ? texts.BeyondNoise : texts.WithinNoise);
        foreach (var approach in simulation.Comparison.Approaches)
            yield return $"   {approach.Name}: {F1(approach.DelaySeconds.Before)} -> {F1(approach.DelaySeconds.After)} s, {(approach.DelaySeconds.IsBeyondNoise ? texts.BeyondNoise : texts.WithinNoise)}";
        var (fuel, co2) = (simulation.Comparison.All.FuelGrams, simulation.Comparison.All.Co2Grams);
        yield return $"   fuel {F0(fuel.Before)} -> {F0(fuel.After)} g, CO2 {F0(co2.Before)} -> {F0(co2.After)} g ({simulation.EmissionModel})";
    }

    private IEnumerable<string> Unsaid(JunctionStudy study)
    {
        // Many stretches and approaches of one kind are one line.
        foreach (var group in study.Unsaid.GroupBy(u => (Text: texts.Unsaid(u), Spans: string.Join(',', study.Unsaid.Where(o => o.Approach == u.Approach && texts.Unsaid(o) == texts.Unsaid(u)).Select(o => o.Span)))))
        {
            var spans = group.Select(u => u.Span).OfType<Interval>().Distinct().OrderBy(s => s.From).ToList();
            var approaches = string.Join(", ", group.Select(u => u.Approach?.Value).Where(a => a is not null).Distinct());
            var when = spans.Count == 0 ? "" : $" ({string.Join(", ", spans.Take(6).Select(Span))}{(spans.Count > 6 ? $", … {spans.Count}" : "")})";
            yield return $"- {(approaches.Length > 0 ? $"{approaches}: " : "")}{group.Key.Text}{when}";
        }
    }

    /// <summary>Columns as wide as their widest cell, Japanese letters counted as two; the first to the left, figures to the right.</summary>
    private static IEnumerable<string> Table(List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => Width(r[c]))).ToArray();
        return rows.Select(r => string.Join("  ", r.Select((cell, c) => c == 0 ? cell + new string(' ', widths[c] - Width(cell)) : new string(' ', widths[c] - Width(cell)) + cell)).TrimEnd());
    }

    private static int Width(string text) => text.Sum(c => c is >= '\u1100' and (<= '\u115f' or >= '\u2e80' and <= '\uffdc') ? 2 : 1);

    private string Span(Interval span)
    {
        var (from, to) = (Local(span.From), Local(span.To));
        if (_isOneDay) return $"{from:HH:mm}–{to:HH:mm}";
        return from.Date == to.Date ? $"{from:MM-dd HH:mm}–{to:HH:mm}" : $"{from:MM-dd HH:mm}–{to:MM-dd HH:mm}";
    }

    private DateTimeOffset Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, _zone);

    private static string With(Estimate estimate) => estimate.Margin < 0.1 ? $"{F2(estimate.Value)} ±{F2(estimate.Margin)}" : $"{F1(estimate.Value)} ±{F1(estimate.Margin)}";

    private static string Percent(double share) => $"{F0(100 * share)} %";

    private static string F0(double value) => value.ToString("#,0", Inv);

    private static string F1(double value) => value.ToString("0.0", Inv);

    private static string F2(double value) => value.ToString("0.00", Inv);

    private static string Signed(double value) => value.ToString("+0.0;-0.0;0.0", Inv);
}
