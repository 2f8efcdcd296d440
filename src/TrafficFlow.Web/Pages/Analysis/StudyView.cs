using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Counts;

namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>A study as it is read: by the site's clock, with names in the place of ids, in one language. What is not known is a dash and never zero. Pure.</summary>
public sealed class StudyView
{
    public const string Dash = "–";

    private readonly Dictionary<ApproachId, string> _names;

    /// <param name="isPaper">A document of its own; else a part of a page.</param>
    /// <param name="showsVehicles">Whether its reader may see single vehicles: dots of arrivals are.</param>
    /// <exception cref="InvalidDataException">Parts of the study are missing or contradict each other: its file was cut or changed by hand.</exception>
    public StudyView(JunctionStudy study, string language, bool isPaper, bool showsVehicles = true)
    {
        if (Fault(study) is { } fault) throw new InvalidDataException($"{fault}: its file was cut or changed by hand; make the study anew with `trafficflow analyse`");
        (Study, Words, IsPaper, ShowsVehicles) = (study, StudyWords.For(language), isPaper, showsVehicles);
        (Zone, IsZoneKnown) = TimeZoneInfo.TryFindSystemTimeZoneById(study.Subject.TimeZone, out var zone) ? (zone, true) : (TimeZoneInfo.Utc, false);
        _names = study.Approaches.GroupBy(a => a.Approach).ToDictionary(g => g.Key, g => g.First().Name);
    }

    public JunctionStudy Study { get; }

    /// <summary>Plans that are one and the same; none of a study that does not tell it.</summary>
    public ImmutableArray<PlanPeriod> Periods => Study.Signals.Periods.IsDefault || Study.Signals.Periods.Any(p => p.Plans.IsDefaultOrEmpty || p.Plans.Append(p.Plan).Any(i => i < 0 || i >= Study.Signals.Inferred.Plans.Length)) ? [] : Study.Signals.Periods;

    /// <summary>From 1, as tables number it: plans that are one and the same have one number.</summary>
    public int NumberOfPlan(int place)
    {
        var period = Periods.ToList().FindIndex(p => p.Plans.Contains(place));
        return (period >= 0 ? period : place) + 1;
    }

    public StudyWords Words { get; }

    public bool IsPaper { get; }

    public bool ShowsVehicles { get; }

    public TimeZoneInfo Zone { get; }

    /// <summary>False where this machine knows no zone of the study's name: times are UTC's then.</summary>
    public bool IsZoneKnown { get; }

    /// <summary>Part of all approaches' time that was watched, 0..1; null without approaches.</summary>
    public double? WatchedShare => Study.Approaches.IsEmpty || Study.Subject.Span.IsEmpty ? null : Study.Approaches.Average(ShareOf);

    public double HoursLost => Study.Approaches.Sum(a => a.VehicleHoursLost);

    public double ShareOf(ApproachStudy approach) => Study.Subject.Span.IsEmpty ? 0 : Math.Clamp(approach.Observed / Study.Subject.Span.Length, 0, 1);

    public string NameOf(ApproachId? approach) => approach is { } id ? _names.GetValueOrDefault(id, id.Value) : Words.WholeJunction;

    /// <summary>North → East, or the approach alone where a movement is of all that enter.</summary>
    public string NameOf(ApproachId approach, Movement? movement)
    {
        if (movement is not { } known || known == Movement.Entering) return NameOf(approach);
        return known.Name.StartsWith("to ", StringComparison.Ordinal) ? $"{NameOf(approach)} → {NameOf(new ApproachId(known.Name[3..]))}" : $"{NameOf(approach)}, {known.Name}";
    }

    /// <summary>North → East, South.</summary>
    public string NameOf(ApproachId approach, IEnumerable<Movement> movements)
    {
        var exits = movements.Where(m => m.Name.StartsWith("to ", StringComparison.Ordinal)).Select(m => NameOf(new ApproachId(m.Name[3..]))).ToList();
        return exits.Count == 0 ? NameOf(approach) : $"{NameOf(approach)} → {string.Join(Words.And, exits)}";
    }

    /// <summary>Of a figure of the simulator: all, an approach, a turn or a class of vehicles.</summary>
    public string NameOfGroup(string name)
    {
        if (name == "all") return Words.AllVehicles;
        if (VehicleClassNames.TryParse(name, out var vehicleClass)) return CountsTexts.For(Words.Language).Classes[vehicleClass];
        return name.Split(" to ") is [var from, var to] ? $"{NameOf(new ApproachId(from))} → {NameOf(new ApproachId(to))}" : NameOf(new ApproachId(name));
    }

    public DateTimeOffset Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone);

    public string Day(DateTimeOffset time) => Words.Day(DateOnly.FromDateTime(Local(time).Date));

    public string Clock(DateTimeOffset time) => Local(time).ToString("HH:mm", CultureInfo.InvariantCulture);

    public string Moment(DateTimeOffset time) => Local(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>By the site's clock; the day is left out where the whole study is of one. The end of a day is its 24:00.</summary>
    public string Span(Interval span, bool withDay = false)
    {
        var (from, to) = (Local(span.From), Local(span.To));
        var whole = (From: Local(Study.Subject.Span.From), To: Local(Study.Subject.Span.To.AddTicks(-1)));
        var day = withDay || whole.From.Date != whole.To.Date;
        var isMidnight = to.TimeOfDay == TimeSpan.Zero && to > from;
        var last = isMidnight ? to.AddDays(-1) : to;
        var end = isMidnight ? "24:00" : to.ToString("HH:mm", CultureInfo.InvariantCulture);
        var begin = day || from.Date != last.Date ? from.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : from.ToString("HH:mm", CultureInfo.InvariantCulture);
        return from.Date == last.Date ? $"{begin}–{end}" : string.Create(CultureInfo.InvariantCulture, $"{begin} – {last:yyyy-MM-dd} {end}");
    }

    /// <summary>2 h 05 min, or 35 min.</summary>
    public string Length(TimeSpan time)
    {
        var minutes = (long)Math.Round(time.TotalMinutes);
        return minutes < 60 ? StudyWords.With(Words.Minutes, minutes) : StudyWords.With(Words.HoursMinutes, minutes / 60, (minutes % 60).ToString("00", CultureInfo.InvariantCulture));
    }

    public static string Number(double? value, string format = "0.0") => value switch
    {
        null => Dash,
        var v when double.IsNaN(v.Value) => Dash,
        var v when double.IsPositiveInfinity(v.Value) => "∞",
        // A minus as long as a plus; and no minus before a zero.
        var v => Signed(v.Value.ToString(format, CultureInfo.InvariantCulture)),
    };

    /// <summary>With its sign, also a plus.</summary>
    public static string Change(double? value, string format = "0.0") => value is > 0 && double.IsFinite(value.Value) && Number(value, format) is var text && text.Any(c => c is >= '1' and <= '9') ? $"+{text}" : Number(value, format);

    /// <summary>12.3 ± 0.4, or 12.3 (11.0–16.5) where the interval lies on one side.</summary>
    public static string Figure(Estimate? estimate, string format = "0.0", double factor = 1)
    {
        if (estimate is not { } e || double.IsNaN(e.Value)) return Dash;
        var (value, low, high) = (e.Value * factor, e.Low * factor, e.High * factor);
        if (!double.IsFinite(low) || !double.IsFinite(high)) return $"{Number(value, format)} ± ?";
        var (below, above) = (value - low, high - value);
        return Math.Abs(above - below) <= 0.25 * Math.Max(above + below, 1e-9) || Number(below, format) == Number(above, format)
            ? $"{Number(value, format)} ± {Number((above + below) / 2, format)}"
            : $"{Number(value, format)} ({Number(low, format)}–{Number(high, format)})";
    }

    /// <summary>A part of all as percent, with what it stands for.</summary>
    public static string Percent(double? share, string format = "0") => share is { } s && double.IsFinite(s) ? $"{Number(s * 100, format)} %" : Dash;

    public static string Percent(Estimate? share) => share is { } s && double.IsFinite(s.Value) ? $"{Figure(s, "0", 100)} %" : Dash;

    /// <summary>A length in metres; what reached beyond sight is at least so long.</summary>
    public static string Metres(double? metres, bool isBeyondSight) => metres is { } m && double.IsFinite(m) ? $"{(isBeyondSight ? "≥ " : "")}{Number(m, "0")} m" : Dash;

    /// <summary>The same, estimated.</summary>
    public static string Metres(Estimate? metres, bool isBeyondSight) => metres is null ? Dash : $"{(isBeyondSight ? "≥ " : "")}{Figure(metres, "0")} m";

    /// <summary>What no study that was made has, and nobody could draw.</summary>
    private static string? Fault(JunctionStudy study)
    {
        if (study.Subject is null || study.Signals?.Inferred is null || study.Subject.Span.IsEmpty || study.Subject.Provenance.IsDefault) return "it does not say of what it is";
        if (study.Approaches.IsDefault || study.Movements.IsDefault || study.Causes.IsDefault || study.Proposals.IsDefault || study.Unsaid.IsDefault) return "a part of it is missing";
        if (study.Approaches.Any(a => a.Levels.IsDefault || a.Events.IsDefault || a.Recurrent.IsDefault || a.Queues.IsDefault)) return "a part of an approach is missing";
        if (study.Causes.Any(c => c.Evidence.IsDefault || c.Against.IsDefault || c.Rivals.IsDefault)) return "a part of a cause is missing";
        if (study.Proposals.Any(p => p.Timing?.Today?.Plan is null || p.Timing.Proposed?.Plan is null || p.Timing.Gain is null || p.Timing.Worse.IsDefault || p.Demand.IsDefault || p.Measures.IsDefault || p.Solvers.IsDefault)) return "a part of a proposal is missing";
        var signals = study.Signals;
        if (signals.Comparison.IsDefault || signals.Profiles.IsDefault || signals.Coordination.IsDefault || signals.Inferred.Plans.IsDefault || signals.Inferred.Varying.IsDefault) return "a part of its signals is missing";
        return signals.Inferred.Plans.Any(p => !(p.CycleSeconds.Value > 0) || p.Groups.IsDefault || p.Stages.IsDefault || p.Stages.Any(s => s.Groups.IsDefaultOrEmpty || s.Groups.Any(g => g < 0 || g >= p.Groups.Length)))
            ? "a plan of its signals makes no sense" : null;
    }

    private static string Signed(string text) => text is ['-', .. var digits] ? digits.Any(c => c is >= '1' and <= '9') ? $"−{digits}" : digits : text;
}
