using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Workdays;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>Reads how a site's pictures and counts are kept, where its file says it.</summary>
internal static class CustodySection
{
    private const double FewestPixels = 1;
    private const double MostPixels = 1000;
    private static readonly TimeSpan ShortestAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestAge = TimeSpan.FromDays(36_500);

    /// <param name="id">Of the site.</param>
    /// <param name="cameras">Ids of the site's cameras.</param>
    public static CustodyPolicy? Read(SettingsReader site, string id, IReadOnlyCollection<string> cameras)
    {
        if (site.OptionalSection("custody") is not { } reader) return null;
        var experiment = ReadExperiment(reader);
        var (inspections, workdays) = ReadInspections(reader, id, experiment);
        var policy = new CustodyPolicy(ReadOperator(reader), ReadPurposes(reader))
        {
            Experiment = experiment,
            CameraPlaces = ReadPlaces(reader, cameras),
            EncryptedDisk = ReadRequirement(reader, "require-encrypted-disk"),
            EncryptedLink = ReadRequirement(reader, "require-encrypted-link"),
            Networks = NetworkSection.ReadAll(reader),
            Retention = ReadRetention(reader, experiment),
            TwoPersons = reader.OptionalChoice("two-person-rule", TwoPersonRule.Off, ("off", TwoPersonRule.Off), ("export", TwoPersonRule.Export), ("erase", TwoPersonRule.Erase), ("both", TwoPersonRule.Both)),
            Inspections = inspections,
            Workdays = workdays,
            PictureLimits = ReadLimits(reader),
            Requests = ReadRequests(reader),
        };
        reader.RefuseUnknown();
        return policy;
    }

    /// <summary>What the notices tell of a plan.</summary>
    public static RecordingStatement Stated(RecordingPlan plan) =>
        new(plan.Hours.Count > 0, plan.Mode == RecordingMode.Evaluation && plan.End < DateTimeOffset.MaxValue ? plan.End : null, plan.Mode == RecordingMode.Evaluation ? plan.Reason : "");

    private static Requirement ReadRequirement(SettingsReader reader, string key) =>
        reader.OptionalChoice(key, Requirement.Off, ("off", Requirement.Off), ("warn", Requirement.Warn), ("refuse", Requirement.Refuse));

    private static OperatorContact ReadOperator(SettingsReader custody)
    {
        if (custody.Section("operator", "add operator { name { ja = \"…\", en = \"…\" }, telephone = \"…\" }: who runs the installation stands on its sign") is not { } reader)
            return new OperatorContact(new BilingualText("", ""));
        var contact = new OperatorContact(
            reader.BilingualText("name", "name who runs the installation, for example name { ja = \"川崎市 交通計画課\", en = \"City of Kawasaki, Traffic Planning\" }"),
            reader.OptionalBilingualText("department"),
            reader.OptionalBilingualText("address"),
            reader.OptionalText("telephone"),
            reader.OptionalText("mail"),
            reader.OptionalText("web"));
        if (contact is { Telephone: null, Mail: null, Address: null, Web: null } && reader.Has("name"))
            reader.Problem("telephone", "is missing, and so are mail, address and web", "say how the public reaches the operator: the sign must tell it");
        if (contact.Telephone is { } telephone && !telephone.All(c => char.IsAsciiDigit(c) || "+-() ".Contains(c)))
            reader.Problem("telephone", $"\"{telephone}\" is no telephone number", "write figures, +, - and blanks, for example \"044-200-0000\"");
        if (contact.Mail is { } mail && !(mail.Split('@') is [{ Length: > 0 }, { Length: > 2 } host] && host.Contains('.') && !mail.Any(char.IsWhiteSpace)))
            reader.Problem("mail", $"\"{mail}\" is no mail address", "write NAME@HOST");
        if (contact.Web is { } web && !(Uri.TryCreate(web, UriKind.Absolute, out var page) && page.Scheme is "https" or "http"))
            reader.Problem("web", $"\"{web}\" is no address of a page", "write https://HOST/PATH");
        reader.RefuseUnknown();
        return contact;
    }

    private static IReadOnlyList<BilingualText> ReadPurposes(SettingsReader custody)
    {
        const string Remedy = "write purposes = [ { ja = \"…\", en = \"…\" } ]: pictures are taken for nothing that does not stand here";
        var purposes = new List<BilingualText>();
        if (!custody.Has("purposes")) custody.Problem("purposes", "is missing", Remedy);
        else if (custody.OptionalList("purposes") is var items && items.Count == 0) custody.Problem("purposes", "holds no purpose", Remedy);
        else foreach (var (item, i) in items.Select((item, i) => (item, i))) if (custody.BilingualText(item, $"purposes[{i}]") is { } purpose) purposes.Add(purpose);
        return purposes;
    }

    private static Dictionary<string, BilingualText> ReadPlaces(SettingsReader custody, IReadOnlyCollection<string> cameras)
    {
        var places = new Dictionary<string, BilingualText>(StringComparer.Ordinal);
        if (custody.OptionalSection("camera-places") is not { } reader) return places;
        foreach (var camera in reader.Keys.ToList())
        {
            if (!cameras.Contains(camera)) reader.Problem(camera, $"there is no camera \"{camera}\"", Suggestion.For(camera, cameras, "cameras of this site"));
            if (reader.OptionalBilingualText(camera) is { } place) places[camera] = place;
        }

        return places;
    }

    private static ExperimentPeriod? ReadExperiment(SettingsReader custody)
    {
        if (custody.OptionalSection("experiment") is not { } reader) return null;
        var from = reader.Day("from", "set the first day of the experiment");
        var until = reader.Day("until", "set the last day of the experiment, on which the final erasure is due");
        reader.RefuseUnknown();
        if (from is not { } first || until is not { } last) return null;
        if (last >= first) return new ExperimentPeriod(first, last);
        reader.Problem("until", $"{last:yyyy-MM-dd} is before {first:yyyy-MM-dd}", "set the last day of the experiment, not before its first");
        return null;
    }

    private static RetentionPolicy ReadRetention(SettingsReader custody, ExperimentPeriod? experiment)
    {
        if (custody.OptionalSection("retention") is not { } reader) return RetentionPolicy.Unlimited;
        var retention = new RetentionPolicy(Rule("pictures"), Rule("journeys"), Rule("counts"), Rule("audit"), Rule("accounts"));
        reader.RefuseUnknown();
        return retention;

        KeepRule Rule(string key)
        {
            if (reader.OptionalSection(key) is not { } rule) return default;
            TimeSpan? age = rule.Has("max-age") ? rule.Duration("max-age", ShortestAge, LongestAge) : null;
            var until = rule.OptionalDay("keep-until");
            if (until < experiment?.From) rule.Problem("keep-until", $"{until:yyyy-MM-dd} is before the experiment begins", "set the last day on which they are kept");
            if (!rule.Has("max-age") && !rule.Has("keep-until")) reader.Problem(key, "limits nothing", "write max-age = 14d or keep-until = YYYY-MM-DD, or both: the earlier end holds");
            rule.RefuseUnknown();
            return new KeepRule(age, until);
        }
    }

    private static (IReadOnlyList<InspectionPlan> Plans, WorkCalendar Workdays) ReadInspections(SettingsReader custody, string site, ExperimentPeriod? experiment)
    {
        if (custody.OptionalSection("inspections") is not { } reader) return ([], WorkCalendar.National);
        var weeks = reader.OptionalWhole("hand-carry-weeks", 1, 52, "weeks");
        var isEachWorkday = reader.OptionalFlag("each-working-day") ?? false;
        var from = reader.OptionalDay("from") ?? experiment?.From;
        var days = HolidayFile.Read(reader, "holidays");
        if (from is null && !reader.Has("from") && (weeks is not null || isEachWorkday)) reader.Problem("from", "is missing, and the experiment has no first day", "set the day on which the first inspection is due");
        reader.RefuseUnknown();
        var plans = new List<InspectionPlan>();
        if (from is not { } first) return (plans, days);
        if (weeks is { } each) plans.Add(new InspectionPlan(site, InspectionKind.HandCarry, each * 7, first));
        if (isEachWorkday) plans.Add(new InspectionPlan(site, InspectionKind.Remote, null, first));
        return (plans, days);
    }

    private static PictureLimits? ReadLimits(SettingsReader custody)
    {
        if (custody.OptionalSection("picture-limits") is not { } reader) return null;
        var limits = new PictureLimits(
            reader.OptionalNumber("plate-characters", FewestPixels, MostPixels, "pixels high"),
            reader.OptionalNumber("faces", FewestPixels, MostPixels, "pixels high"),
            reader.OptionalChoice("above", Requirement.Refuse, ("warn", Requirement.Warn), ("refuse", Requirement.Refuse)));
        if (!reader.Has("plate-characters") && !reader.Has("faces")) custody.Problem("picture-limits", "limits nothing", "write plate-characters = PIXELS or faces = PIXELS, or both");
        reader.RefuseUnknown();
        return limits;
    }

    private static RequestTerms ReadRequests(SettingsReader custody)
    {
        if (custody.OptionalSection("requests") is not { } reader) return RequestTerms.Default;
        var terms = new RequestTerms(
            reader.OptionalWhole("answer-within-days", 1, 365, "days") ?? RequestTerms.Default.AnswerWithinDays,
            reader.OptionalChoice("counts", false, ("days", false), ("working-days", true)), reader.OptionalBilingualText("procedure"));
        reader.RefuseUnknown();
        return terms;
    }
}
