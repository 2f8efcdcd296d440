using System.Collections.Immutable;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Sites.Editing;

/// <summary>One thing of a draft that has a place in the site file.</summary>
/// <typeparam name="T">Itself.</typeparam>
public interface IDraftItem<T> where T : class, IDraftItem<T>
{
    /// <summary>From 0: its place in the file that the draft began from. Negative: it was added since.</summary>
    int Key { get; }

    T WithKey(int key);

    /// <summary>Whether the other is written alike, wherever it stands.</summary>
    bool SaysSame(T other);

    /// <summary>Whether the other, of another version of the file, is this one, changed perhaps; null where only its place can tell.</summary>
    bool? IsSameThing(T other);
}

/// <param name="Id">As in the file; it may be none that is allowed, while somebody types.</param>
public sealed record ApproachDraft(int Key, string Id, string Name) : IDraftItem<ApproachDraft>
{
    public ApproachDraft WithKey(int key) => this with { Key = key };

    public bool SaysSame(ApproachDraft other) => this with { Key = 0 } == other with { Key = 0 };

    public bool? IsSameThing(ApproachDraft other) => Id == other.Id;
}

/// <summary>A polygon, in fractions of the picture.</summary>
public sealed record MaskDraft(int Key, ImmutableArray<PicturePoint> Points) : IDraftItem<MaskDraft>
{
    public MaskDraft WithKey(int key) => this with { Key = key };

    public bool SaysSame(MaskDraft other) => Points.SequenceEqual(other.Points);

    public bool? IsSameThing(MaskDraft other) => SaysSame(other) ? true : null;

    public bool Equals(MaskDraft? other) => other is not null && Key == other.Key && SaysSame(other);

    public override int GetHashCode() => HashCode.Combine(Key, Points.Length);
}

/// <summary>A gate: see <see cref="Gate"/>.</summary>
public sealed record GateDraft(int Key, string Id, PicturePoint From, PicturePoint To, GateMeaning? Forward = null, GateMeaning? Backward = null) : IDraftItem<GateDraft>
{
    /// <summary>Turned round: what was forward comes from the other side now.</summary>
    public GateDraft Flip() => this with { From = To, To = From };

    public GateDraft WithKey(int key) => this with { Key = key };

    public bool SaysSame(GateDraft other) => this with { Key = 0 } == other with { Key = 0 };

    public bool? IsSameThing(GateDraft other) => Id == other.Id;
}

/// <summary>A surveyed point: see <see cref="GroundReference"/>.</summary>
public sealed record GroundDraft(int Key, PicturePoint Image, double EastMetres, double NorthMetres) : IDraftItem<GroundDraft>
{
    public GroundReference ToReference() => new(Image, EastMetres, NorthMetres);

    public GroundDraft WithKey(int key) => this with { Key = key };

    public bool SaysSame(GroundDraft other) => this with { Key = 0 } == other with { Key = 0 };

    /// <summary>One of its two places has stayed.</summary>
    public bool? IsSameThing(GroundDraft other) => Image == other.Image || (EastMetres == other.EastMetres && NorthMetres == other.NorthMetres) ? true : null;
}
