using TrafficFlow.Core.Workdays;

namespace TrafficFlow.Core.Custody;

/// <summary>
/// How the pictures and counts of one site are kept, as its site file says in `custody`: for whom, what for, how protected, how long, and who looks after it. It changes no count, and
/// is no part of a site's hash. Immutable.
/// </summary>
/// <param name="Operator">Who runs the installation and answers for it.</param>
/// <param name="Purposes">What is measured for; at least one.</param>
public sealed record CustodyPolicy(OperatorContact Operator, IReadOnlyList<BilingualText> Purposes)
{
    /// <summary>When the experiment takes place; null for an installation without a stated end.</summary>
    public ExperimentPeriod? Experiment { get; init; }

    /// <summary>Where cameras hang and what they look at, in words for the public, by their ids; not every camera need be in it.</summary>
    public IReadOnlyDictionary<string, BilingualText> CameraPlaces { get; init; } = new Dictionary<string, BilingualText>();

    /// <summary>Whether the data folder must lie on an encrypted disk.</summary>
    public Requirement EncryptedDisk { get; init; } = Requirement.Off;

    /// <summary>Whether pictures must come encrypted, or within one of <see cref="Networks"/>.</summary>
    public Requirement EncryptedLink { get; init; } = Requirement.Off;

    /// <summary>Networks within which pictures may come in the clear, with who said so.</summary>
    public IReadOnlyList<TrustedNetwork> Networks { get; init; } = [];

    public RetentionPolicy Retention { get; init; } = RetentionPolicy.Unlimited;

    /// <summary>What takes two persons.</summary>
    public TwoPersonRule TwoPersons { get; init; } = TwoPersonRule.Off;

    /// <summary>When somebody must look after the installation; at most one of each kind.</summary>
    public IReadOnlyList<InspectionPlan> Inspections { get; init; } = [];

    /// <summary>On which days work is done at the installation.</summary>
    public WorkCalendar Workdays { get; init; } = WorkCalendar.National;

    /// <summary>Weeks from one hand-carry to the next, with the inspection on site; null where data are not carried by hand.</summary>
    public int? HandCarryWeeks => Inspections.FirstOrDefault(i => i.Kind == InspectionKind.HandCarry)?.EachDays / 7;

    /// <summary>Whether the use from afar is inspected each working day.</summary>
    public bool InspectsEachWorkday => Inspections.Any(i => i is { Kind: InspectionKind.Remote, EachDays: null });

    /// <summary>Cameras whose pictures are recorded, by their ids; those that are not in it are not recorded.</summary>
    public IReadOnlyDictionary<string, RecordingStatement> Recording { get; init; } = new Dictionary<string, RecordingStatement>();

    /// <summary>How large plates and faces may be in the unmasked picture; null where no limit is set.</summary>
    public PictureLimits? PictureLimits { get; init; }

    public RequestTerms Requests { get; init; } = RequestTerms.Default;
}

/// <summary>What is required of an installation, and what becomes of a start without it.</summary>
public enum Requirement
{
    /// <summary>It is looked at and shown, and nothing more.</summary>
    Off = 0,

    /// <summary>The node runs, and tells again and again what is missing.</summary>
    Warn = 1,

    /// <summary>The node does not start.</summary>
    Refuse = 2,
}

/// <summary>What only two persons together may do.</summary>
[Flags]
public enum TwoPersonRule
{
    Off = 0,
    Export = 1,
    Erase = 2,
    Both = Export | Erase,
}

/// <summary>The same in the two languages of the notices.</summary>
public sealed record BilingualText(string Japanese, string English)
{
    /// <param name="language">`ja` or `en`.</param>
    public string In(string language) => language == "ja" ? Japanese : English;
}

/// <summary>Who runs the installation, and how the public reaches them.</summary>
/// <param name="Department">Null where there is none.</param>
/// <param name="Address">For letters; null where none is given.</param>
/// <param name="Telephone">As it is written on signs; null where none is given.</param>
/// <param name="Mail">Null where none is given.</param>
/// <param name="Web">The page that explains the installation, https:// or http://; null where there is none.</param>
public sealed record OperatorContact(
    BilingualText Name, BilingualText? Department = null, BilingualText? Address = null, string? Telephone = null, string? Mail = null, string? Web = null);

/// <summary>First and last day of the experiment, by the calendar of the site.</summary>
public readonly record struct ExperimentPeriod(DateOnly From, DateOnly Until);

/// <summary>How a camera's pictures are recorded, as the notices tell it.</summary>
/// <param name="InSomeHours">In stated hours of the week alone.</param>
/// <param name="End">Of an evaluation: nothing is recorded from then on; null where no end is stated.</param>
/// <param name="Reason">Of an evaluation: what is evaluated; empty for none.</param>
public readonly record struct RecordingStatement(bool InSomeHours, DateTimeOffset? End, string Reason);

/// <summary>When and how requests of the public are answered.</summary>
/// <param name="AnswerWithinDays">From the day after the one on which a request came.</param>
/// <param name="CountsWorkdays">Working days; else days of the calendar, and an end on a free day is put off to the next working day (民法142条).</param>
/// <param name="Procedure">How requests are made and who may make them; null for the usual words.</param>
public sealed record RequestTerms(int AnswerWithinDays, bool CountsWorkdays = false, BilingualText? Procedure = null)
{
    public static RequestTerms Default { get; } = new(14);

    /// <summary>The last day for an answer.</summary>
    public DateOnly DueOf(DateOnly receivedOn, WorkCalendar calendar) => CountsWorkdays ? calendar.Add(receivedOn, AnswerWithinDays) : calendar.AtOrAfter(WorkCalendar.Later(receivedOn, AnswerWithinDays));
}

/// <summary>What somebody is appointed for.</summary>
public enum Duty
{
    /// <summary>管理責任者: answers for the installation and its pictures.</summary>
    Custodian = 0,

    /// <summary>操作担当者: handles cameras, recordings and disks.</summary>
    Operator = 1,
}

/// <summary>How large the characters of plates and faces may be anywhere in the unmasked picture, pixels; null for no limit of that kind.</summary>
/// <param name="Above">What becomes of a start above the limit: <see cref="Requirement.Warn"/> or <see cref="Requirement.Refuse"/>.</param>
public sealed record PictureLimits(double? PlateCharacterPixels, double? FacePixels, Requirement Above);
