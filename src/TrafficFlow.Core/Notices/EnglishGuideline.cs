using System.Globalization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Release;

namespace TrafficFlow.Core.Notices;

/// <summary>The guideline in English, clause by clause as <see cref="JapaneseGuideline"/> has it.</summary>
internal static class EnglishGuideline
{
    public const string Title = "Guideline on traffic measurement cameras";

    public static string Edition(NoticeEdition? edition) => edition is { } e ? string.Create(CultureInfo.InvariantCulture, $"Version {e.Number}, published on {EnglishWords.Day(e.Day)}") : "Draft, not published";

    public static GuidelineDocument Write(NoticeFacts facts)
    {
        var clauses = Clauses(facts).Select((c, i) => new NoticeClause(string.Create(CultureInfo.InvariantCulture, $"Article {i + 1}"), c.Heading, c.Blocks));
        return new GuidelineDocument(NoticeLanguages.English, Title, facts.Site.Name, Edition(facts.Edition), "Page", [.. clauses, Supplement(facts)]);
    }

    private static IEnumerable<(string Heading, NoticeBlock[] Blocks)> Clauses(NoticeFacts facts)
    {
        var (custody, site) = (facts.Custody, facts.Site);
        yield return ("Purpose",
        [
            Text($"This guideline says how {custody.Operator.Name.English} (the operator) installs and runs the traffic measurement cameras at {site.Name} so that the privacy of persons is protected."),
            Text("The cameras serve these purposes, and no other:"),
            new NoticeList([.. custody.Purposes.Select(p => p.English)]),
        ]);
        yield return ("Scope",
        [
            Text($"It holds for the {(site.Cameras.Count == 1 ? "camera" : string.Create(CultureInfo.InvariantCulture, $"{site.Cameras.Count} cameras"))} at {site.Name}, for the pictures that they take and for what is measured in them."),
            Text(custody.Experiment is { } period ? $"Traffic is measured {EnglishWords.Period(period)}." : "Traffic is measured without a stated end. When it ends, article 16 applies."),
            Text("It follows the Act on the Protection of Personal Information and other laws, and the Guidebook for Utilization of Camera Images (METI, MIC, IoT Acceleration Consortium)."),
        ]);
        yield return ("Definitions",
        [
            new NoticeList(
            [
                "Traffic measurement camera: a fixed camera that measures the flow of vehicles on a road, with the device that processes its pictures.",
                "Anonymized picture: a picture of a resolution so low that it identifies neither persons nor vehicles, in which everything that need not be seen is blackened.",
                "Measurements: numbers found in anonymized pictures, such as volumes, speeds and queue lengths.",
                "Recorded pictures: anonymized pictures that are kept, encrypted, to evaluate the measurement.",
            ]),
        ]);
        yield return ("Custodian and operators in charge", [.. Persons(facts)]);
        yield return ("Places and views of the cameras", [.. Cameras(facts)]);
        yield return ("What is measured",
        [
            Text("Measured are, by approach, movement and class of vehicle (passenger car, light goods, heavy goods, bus, motorcycle): volume, speed, headway, occupancy, queue length, and the time to cross the junction."),
            Text("What is not done:"),
            new NoticeList(["licence plates are neither read nor compared", "nobody is recognised by face or otherwise", "pedestrians and bicycles are not measured", "no vehicle is followed beyond the day, or compared with vehicles elsewhere", "no sound is taken"]),
        ]);
        yield return ("Anonymization", [.. Anonymization(facts)]);
        yield return ("Storage and encryption", [.. Storage(facts)]);
        yield return ("How long data are kept",
        [
            Text("Pictures and measurements are kept as long as this table says, and then erased; of recorded pictures the keys are destroyed first."),
            new NoticeTable(["What", "How long"], [.. Enum.GetValues<KeptKind>().Select(k => (IReadOnlyList<string>)[EnglishWords.Kind(k), EnglishWords.Keep(custody.Retention.Of(k))])]),
            Text("Where the law or another good reason stops an erasure, the reason and its end are recorded."),
        ]);
        yield return ("Carrying by hand and use from afar",
        [
            Text(custody.HandCarryWeeks is { } weeks
                ? $"Recorded pictures are carried on an encrypted disk by an operator in charge, every {(weeks == 1 ? "week" : string.Create(CultureInfo.InvariantCulture, $"{weeks} weeks"))} or so. On site they are erased only after they were verified where they were carried to."
                : "Recorded pictures are not carried on disks."),
            Text("Only those who have the right look at recorded pictures from afar, over an encrypted link; each view is recorded. What was looked at is not kept there."),
            Text(EnglishWords.TwoPersons(custody.TwoPersons)),
        ]);
        yield return ("Inspections", [.. Inspections(custody)]);
        yield return ("No other use, and secrecy",
        [
            Text("The operator uses pictures and measurements for the purposes of article 1 alone."),
            Text("The custodian and the operators in charge tell nobody what they learn from pictures, and not after they have left office."),
        ]);
        yield return ("Provision to others",
        [
            Text("Pictures are given to nobody, unless the law demands it; then time, recipient, reason and extent are recorded."),
            Text(string.Create(CultureInfo.InvariantCulture, $"Measurements are given away or published as aggregates alone. Breakdowns by class and the like with fewer than {new ReleaseRules().ClassThreshold} vehicles are suppressed, in such a way that they cannot be computed back.")),
        ]);
        yield return ("Requests and complaints",
        [
            Text("The operator takes requests for disclosure, correction, suspension of use, erasure and notice of the purpose, and complaints, here:"),
            new NoticeList([EnglishWords.Operator(custody.Operator), .. EnglishWords.Contact(custody.Operator)]),
            Text(custody.Requests.Procedure?.English ?? "A request names the time and the place at which a picture was taken. Since nobody is identified in pictures and measurements, the operator asks for no more than is needed to know who requests."),
            Text(string.Create(CultureInfo.InvariantCulture, $"Requests and complaints are answered within {EnglishWords.AnswerWithin(custody.Requests)} of the day on which they came. Where one is not granted, or in part, the answer says why and how to object. Where an erasure is granted, the recorded pictures of that time are erased, and a receipt is given.")),
        ]);
        yield return ("Leaks and losses",
        [
            Text("On a leak, a loss or damage of pictures or measurements, or the danger of one, the custodian stops their use at once, finds the cause, reports it and informs those concerned as the law demands, and prevents it from happening again."),
        ]);
        yield return ("Erasure at the end",
        [
            Text($"{(custody.Experiment is { } end ? $"After the last day of the measurement ({EnglishWords.Day(end.Until)})" : "When the measurement ends,")} the operator erases all recorded pictures, on site, on servers, on disks and in copies, makes sure that they cannot be decrypted, and signs a record of it. Measurements are kept as long as article 9 says."),
            Text("Cameras and signs are removed without delay."),
        ]);
        yield return ("Changes and publication",
        [
            Text("The operator publishes this guideline, and puts up signs that are easily seen on site."),
            Text("Before cameras, views, resolutions, times of storage, the custodian or anything else in this guideline change, a new version is published. Published versions are kept with their dates."),
        ]);
    }

    private static IEnumerable<NoticeBlock> Persons(NoticeFacts facts)
    {
        yield return Text("The operator appoints a custodian, who answers for pictures and measurements. The custodian names the operators in charge; nobody else handles the device or sees pictures.");
        if (facts.Persons.Count > 0)
        {
            yield return new NoticeTable(["Office", "Name", "Appointed on"],
            [
                .. facts.Persons.Select(p => (IReadOnlyList<string>)[p.Duty == Duty.Custodian ? "Custodian" : "Operator in charge", p.Name, p.Since is { } day ? EnglishWords.Day(day) : "–"]),
            ]);
        }
        else
        {
            yield return Text("Their names are told by the contact of article 14.");
        }

        yield return Text("Their rights begin with the appointment, and end at once with the dismissal. Everything that is done with the device, and every view of a picture, is recorded so that nobody can change it unnoticed.");
    }

    private static IEnumerable<NoticeBlock> Cameras(NoticeFacts facts)
    {
        yield return Text("The cameras hang and look as this table says. They look at the road that is measured; where homes, gardens and whatever else is not needed are in view, they are blackened before a picture is processed.");
        yield return new NoticeTable(
            ["Camera", "Place and view", "Picture that is processed", "Blackened"],
            [.. facts.Site.Cameras.Select(c => CameraFigures.Of(facts, c)).Select(f => (IReadOnlyList<string>)
            [
                f.Camera.Id.Value, Place(facts, f),
                string.Create(CultureInfo.InvariantCulture, $"{f.Camera.Frame.Width} × {f.Camera.Frame.Height} pixels, {f.Camera.Frame.FramesPerSecond:0.##} a second"),
                string.Create(CultureInfo.InvariantCulture, $"{100 * f.MaskedShare:0}\u00a0% of it"),
            ])]);
    }

    private static string Place(NoticeFacts facts, CameraFigures f)
    {
        var told = new List<string>();
        if (facts.Custody.CameraPlaces.GetValueOrDefault(f.Camera.Id.Value) is { } place) told.Add(place.English);
        if (f.HeightMetres is { } height) told.Add(string.Create(CultureInfo.InvariantCulture, $"some {height:0.0}\u00a0m above the road{(f.Compass is { } octant ? $", looking {EnglishWords.Compass(octant)}" : "")}"));
        if (f.Approaches.Count > 0) told.Add($"measures {string.Join(", ", f.Approaches)}");
        return told.Count > 0 ? string.Join("; ", told) : facts.Site.Name;
    }

    private static IEnumerable<NoticeBlock> Anonymization(NoticeFacts facts)
    {
        yield return Text("The device reduces each picture to the resolution of article 5 and blackens what need not be seen; only then is it measured. The picture before that is neither kept nor shown nor sent anywhere.");
        var unknown = facts.Heights.Where(h => h.WhyUnknown is not null).ToList();
        if (unknown.Count < facts.Heights.Count)
        {
            yield return Text("Outside of what is blackened, the figures of licence plates and the faces of persons are at most so high in the picture. These are upper bounds by survey, for plates of large vehicles (figures 120\u00a0mm high) and faces 230\u00a0mm high that are as near to the camera as they can be and turned towards it.");
            yield return new NoticeTable(["Camera", "Figures of plates (pixels)", "Faces (pixels)"],
                [.. facts.Heights.Select(h => (IReadOnlyList<string>)[h.Camera.Value, CameraFigures.Pixels(h.Plate), CameraFigures.Pixels(h.Face)])]);
        }

        if (unknown.Count > 0) yield return Text($"Of {(unknown.Count == 1 ? "camera" : "cameras")} {string.Join(", ", unknown.Select(h => h.Camera))} this cannot be said before the survey, and will be published after it.");
        if (facts.Custody.PictureLimits is { } limits)
        {
            var told = new[]
            {
                limits.PlateCharacterPixels is { } plate ? string.Create(CultureInfo.InvariantCulture, $"{plate:0.#} pixels for figures of plates") : null,
                limits.FacePixels is { } face ? string.Create(CultureInfo.InvariantCulture, $"{face:0.#} pixels for faces") : null,
            };
            yield return Text($"The limit is {string.Join(" and ", told.Where(t => t is not null))}; above it the device {(limits.Above == Requirement.Refuse ? "does not start" : "warns, and the operator puts it right")}.");
        }

        yield return Text("In pictures that are shown or recorded, persons and near vehicles are made coarser still.");
    }

    private static IEnumerable<NoticeBlock> Storage(NoticeFacts facts)
    {
        var custody = facts.Custody;
        yield return Text("Anonymized pictures are discarded as soon as they were measured. Where they are recorded to evaluate the measurement, they are encrypted as they are written, and never written in the clear.");
        if (custody.Recording.Count > 0)
        {
            yield return Text("Recorded is what this table says. Pictures of cameras that are not in it are not recorded.");
            yield return new NoticeTable(["Camera", "When, and why"], [.. custody.Recording.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => (IReadOnlyList<string>)[r.Key, EnglishWords.Recording(r.Value, facts.Site.TimeZone)])]);
        }
        else
        {
            yield return Text("When this guideline was published, no camera's pictures were recorded.");
        }

        yield return Text("Each stretch of recorded pictures has a key of its own; the keys are in the care of the custodian.");
        yield return Text(custody.EncryptedDisk switch
        {
            Requirement.Refuse => "The disk of the device is encrypted as a whole; where it is not, the device does not start.",
            Requirement.Warn => "The disk of the device is encrypted as a whole; where it is not, the device warns, and the operator puts it right.",
            _ => "Encryption of the disk of the device as a whole is not required. Recorded pictures are encrypted as said above.",
        });
        var networks = custody.Networks.Select(n => $"{n.Name} ({(n.Kind == NetworkKind.Vpn ? "VPN" : "isolated")}; confirmed by {n.SaidBy} on {EnglishWords.Day(n.SaidOn)})").ToList();
        yield return Text(custody.EncryptedLink == Requirement.Off
            ? "Encryption of the pictures on their way from the cameras to the device is not required."
            : $"Pictures come from the cameras to the device encrypted{(networks.Count > 0 ? ", or over these networks" : "")}{(custody.EncryptedLink == Requirement.Refuse ? "; otherwise the device does not start" : "")}{(networks.Count > 0 ? ":" : ".")}");
        if (custody.EncryptedLink != Requirement.Off && networks.Count > 0) yield return new NoticeList(networks);
        yield return Text("Device and server authenticate each other, and what they exchange is encrypted. No picture is sent there by itself.");
    }

    private static IEnumerable<NoticeBlock> Inspections(CustodyPolicy custody)
    {
        var often = custody.HandCarryWeeks is { } weeks ? string.Create(CultureInfo.InvariantCulture, $"every {(weeks == 1 ? "week" : $"{weeks} weeks")} or so") : "as needed";
        yield return Text($"The site is inspected {often}: lens, housing, sign, wire and lock, disk, settings of the anonymization, clock, and whether the blackened areas are still right.");
        if (custody.InspectsEachWorkday) yield return Text("The use from afar is inspected each working day.");
        yield return Text("Each inspection is recorded, with time, inspector, findings and what was done.");
    }

    private static NoticeClause Supplement(NoticeFacts facts) => new("Supplement", "", [Text(facts.Edition is { } e
        ? string.Create(CultureInfo.InvariantCulture, $"This guideline (version {e.Number}) is in force from {EnglishWords.Day(e.Day)}.")
        : "This guideline is in force from the day of its publication.")]);

    private static NoticeParagraph Text(string text) => new(text);
}
