using System.Globalization;
using TrafficFlow.Core.Segments;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>
/// Reads whether and how pictures are recorded: of the site, and of a camera, whose `record` takes the place of the site's with all that belongs to it, and whose other keys take
/// the place of the site's one by one.
/// </summary>
internal static class RecordingSection
{
    private const int LongestReason = 200;

    private static readonly (string Name, RecordingMode Mode)[] s_modes =
        [("off", RecordingMode.Off), ("on", RecordingMode.On), ("schedule", RecordingMode.Schedule), ("evaluation", RecordingMode.Evaluation)];

    private static readonly (string Name, WeekDays Day)[] s_days =
    [
        ("mon", WeekDays.Monday), ("tue", WeekDays.Tuesday), ("wed", WeekDays.Wednesday), ("thu", WeekDays.Thursday), ("fri", WeekDays.Friday), ("sat", WeekDays.Saturday), ("sun", WeekDays.Sunday),
    ];

    /// <param name="owner">The site or a camera.</param>
    /// <param name="above">Of the site, where the owner is a camera.</param>
    public static RecordingSettings Read(SettingsReader owner, TimeZoneInfo zone, RecordingSettings? above = null)
    {
        var settings = above ?? RecordingSettings.Off;
        if (owner.OptionalSection("recording") is not { } reader) return settings;
        settings = settings with
        {
            Plan = ReadPlan(reader, zone) ?? settings.Plan,
            SegmentLength = reader.Has("segment") ? reader.Duration("segment", RecordingSettings.ShortestSegment, RecordingSettings.LongestSegment) : settings.SegmentLength,
            Quality = reader.OptionalWhole("quality", RecordingSettings.BestQuality, RecordingSettings.WorstQuality, "constant rate factor: lower is better and larger") ?? settings.Quality,
            MostKilobits = reader.OptionalWhole("bitrate", 50, 50_000, "kbit/s") ?? settings.MostKilobits,
        };
        reader.RefuseUnknown();
        return settings;
    }

    /// <returns>Null where the section says nothing of it.</returns>
    private static RecordingPlan? ReadPlan(SettingsReader reader, TimeZoneInfo zone)
    {
        var hours = ReadHours(reader);
        var (until, reason) = (reader.OptionalText("until"), reader.OptionalText("reason"));
        if (!reader.Has("record"))
        {
            foreach (var key in new[] { "hours", "until", "reason" }.Where(reader.Has)) reader.Problem(key, "has no effect without record", "add record = schedule, or record = evaluation");
            return null;
        }

        var name = reader.OptionalText("record") ?? "";
        if (s_modes.FirstOrDefault(m => m.Name == name) is not { Name: not null } mode)
        {
            if (name.Length > 0) reader.Problem("record", $"\"{name}\" is not a way to record", Suggestion.For(name, [.. s_modes.Select(m => m.Name)], "ways"));
            return null;
        }

        // What belongs to another way may stay while it is off.
        if (mode.Mode == RecordingMode.Off) return RecordingPlan.Off;
        if (mode.Mode == RecordingMode.Schedule && !reader.Has("hours"))
            reader.Problem("hours", "is missing", "say when: hours = [ { days = [mon, tue, wed, thu, fri], from = \"07:00\", to = \"19:00\" } ]");
        if (mode.Mode == RecordingMode.On && reader.Has("hours")) reader.Problem("hours", "has no effect with record = on", "write record = schedule, or remove it");
        var plan = new RecordingPlan(mode.Mode, zone) { Hours = hours };
        if (mode.Mode == RecordingMode.Evaluation) return ReadEvaluation(reader, plan, until, reason);
        foreach (var key in new[] { "until", "reason" }.Where(reader.Has)) reader.Problem(key, $"has no effect with record = {name}", "write record = evaluation, or remove it");
        return plan;
    }

    private static RecordingPlan ReadEvaluation(SettingsReader reader, RecordingPlan plan, string? until, string? reason)
    {
        const string Until = "set the last day of the evaluation, such as until = \"2026-12-31\", or a time, such as \"2026-12-31T18:00\", by the clock of the site";
        if (!reader.Has("reason")) reader.Problem("reason", "is missing", "say what is evaluated: it stands in the list of recordings and in the notice");
        if (reason?.Length > LongestReason) reader.Problem("reason", $"has {reason.Length} characters", $"say it in {LongestReason}");
        if (!reader.Has("until")) reader.Problem("until", "is missing", Until);
        if (until is null) return plan;
        if (RecordingPlan.EndOf(until, plan.Zone) is { } end) return plan with { End = end, Reason = reason ?? "" };
        reader.Problem("until", $"\"{until}\" is neither a date nor a time", Until);
        return plan;
    }

    private static IReadOnlyList<RecordingHours> ReadHours(SettingsReader reader)
    {
        var hours = new List<RecordingHours>();
        if (reader.Has("hours") && reader.Find("hours") is ConfList { Items.Count: 0 }) reader.Problem("hours", "is empty", "name at least one: { from = \"07:00\", to = \"19:00\" }");
        foreach (var (item, i) in reader.OptionalList("hours").Select((item, i) => (item, i)))
        {
            if (reader.ItemSection(item, $"hours[{i}]") is not { } one) continue;
            var days = ReadDays(one);
            var (from, to) = (ReadMinute(one, "from", isEnd: false), ReadMinute(one, "to", isEnd: true));
            one.RefuseUnknown();
            if (from is { } begin && to is { } end) hours.Add(new RecordingHours(days, begin, end));
        }

        return hours;
    }

    private static WeekDays ReadDays(SettingsReader reader)
    {
        if (!reader.Has("days")) return WeekDays.All;
        var days = WeekDays.None;
        foreach (var (value, key) in reader.Texts("days"))
        {
            var day = s_days.FirstOrDefault(d => d.Name == value.Text).Day;
            if (day == WeekDays.None) reader.Problem(value, key, $"\"{value.Text}\" is not a day", "write mon, tue, wed, thu, fri, sat or sun");
            days |= day;
        }

        if (days == WeekDays.None && reader.OptionalList("days").Count == 0) reader.Problem("days", "names no day", "write those on which the hours begin, or remove it for all");
        return days;
    }

    private static int? ReadMinute(SettingsReader reader, string key, bool isEnd)
    {
        var remedy = $"write a time of the day such as \"{(isEnd ? "19:00\" or \"24:00" : "07:00")}\"";
        var text = reader.Text(key, remedy);
        if (text.Length == 0) return null;
        if (isEnd && text == "24:00") return 24 * 60;
        if (!TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            reader.Problem(key, $"\"{text}\" is not a time of the day", remedy);
            return null;
        }

        // Up to midnight.
        return isEnd && time == TimeOnly.MinValue ? 24 * 60 : (time.Hour * 60) + time.Minute;
    }
}
