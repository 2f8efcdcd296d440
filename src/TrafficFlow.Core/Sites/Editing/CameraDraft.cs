using System.Collections.Immutable;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Sites.Editing;

public enum ShapeKind
{
    Mask = 0,
    Gate = 1,
    Ground = 2,
}

/// <summary>One shape of a camera's picture.</summary>
public readonly record struct ShapeRef(ShapeKind Kind, int Key);

/// <summary>What is drawn on one camera's picture. Immutable; every change gives another one.</summary>
public sealed record CameraDraft(string Id, ImmutableArray<MaskDraft> Masks, ImmutableArray<GateDraft> Gates, ImmutableArray<GroundDraft> Ground)
{
    /// <summary>Fewer corners are no mask.</summary>
    public const int FewestCorners = 3;

    private const double FinestStep = 1e4;

    /// <summary>Inside the picture, to a ten-thousandth of it: a tenth of a pixel of most.</summary>
    public static PicturePoint Inside(PicturePoint point) => new(Inside(point.X), Inside(point.Y));

    public MaskDraft? Mask(int key) => Masks.FirstOrDefault(m => m.Key == key);

    public GateDraft? Gate(int key) => Gates.FirstOrDefault(g => g.Key == key);

    public GroundDraft? GroundPoint(int key) => Ground.FirstOrDefault(g => g.Key == key);

    /// <summary>Corners of a mask; from and to of a gate; the one place of a surveyed point. Empty for a shape that is not there.</summary>
    public ImmutableArray<PicturePoint> PointsOf(ShapeRef shape) => shape.Kind switch
    {
        ShapeKind.Mask => Mask(shape.Key)?.Points ?? [],
        ShapeKind.Gate when Gate(shape.Key) is { } gate => [gate.From, gate.To],
        ShapeKind.Ground when GroundPoint(shape.Key) is { } ground => [ground.Image],
        _ => [],
    };

    /// <summary>Moves one point, into the picture; a shape or a point that is not there changes nothing.</summary>
    public CameraDraft Move(ShapeRef shape, int point, PicturePoint to)
    {
        if (point < 0 || point >= PointsOf(shape).Length) return this;
        to = Inside(to);
        if (shape.Kind == ShapeKind.Mask && Mask(shape.Key) is { } mask) return Put(mask with { Points = mask.Points.SetItem(point, to) });
        if (shape.Kind == ShapeKind.Gate && Gate(shape.Key) is { } gate) return Put(point == 0 ? gate with { From = to } : gate with { To = to });
        return GroundPoint(shape.Key) is { } ground ? Put(ground with { Image = to }) : this;
    }

    /// <summary>Moves a shape as a whole, as far as it stays in the picture.</summary>
    public CameraDraft Shift(ShapeRef shape, double dx, double dy)
    {
        var points = PointsOf(shape);
        if (points.IsEmpty) return this;
        (dx, dy) = (Math.Clamp(dx, -points.Min(p => p.X), 1 - points.Max(p => p.X)), Math.Clamp(dy, -points.Min(p => p.Y), 1 - points.Max(p => p.Y)));
        return points.Select((p, i) => (p, i)).Aggregate(this, (camera, point) => camera.Move(shape, point.i, new PicturePoint(point.p.X + dx, point.p.Y + dy)));
    }

    /// <summary>A corner of a mask, in front of the one at <paramref name="before"/>.</summary>
    public CameraDraft Insert(int mask, int before, PicturePoint point) =>
        Mask(mask) is { } found && before >= 0 && before <= found.Points.Length ? Put(found with { Points = found.Points.Insert(before, Inside(point)) }) : this;

    /// <summary>A corner of a mask that keeps enough of them; else the shape goes as a whole.</summary>
    public CameraDraft RemovePoint(ShapeRef shape, int point) =>
        shape.Kind == ShapeKind.Mask && Mask(shape.Key) is { } mask && mask.Points.Length > FewestCorners && point >= 0 && point < mask.Points.Length
            ? Put(mask with { Points = mask.Points.RemoveAt(point) })
            : Remove(shape);

    public CameraDraft Remove(ShapeRef shape) => shape.Kind switch
    {
        ShapeKind.Mask => this with { Masks = Masks.RemoveAll(m => m.Key == shape.Key) },
        ShapeKind.Gate => this with { Gates = Gates.RemoveAll(g => g.Key == shape.Key) },
        _ => this with { Ground = Ground.RemoveAll(g => g.Key == shape.Key) },
    };

    public CameraDraft AddMask(IEnumerable<PicturePoint> points, out ShapeRef added)
    {
        added = new ShapeRef(ShapeKind.Mask, DraftList.NewKey(Masks));
        return Put(new MaskDraft(added.Key, [.. points.Select(Inside)]));
    }

    /// <summary>A gate with a name that is free.</summary>
    public CameraDraft AddGate(PicturePoint from, PicturePoint to, out ShapeRef added)
    {
        added = new ShapeRef(ShapeKind.Gate, DraftList.NewKey(Gates));
        var number = 1;
        while (Gates.Any(g => g.Id == $"gate-{number}")) number++;
        return Put(new GateDraft(added.Key, $"gate-{number}", Inside(from), Inside(to)));
    }

    public CameraDraft AddGround(PicturePoint image, double east, double north, out ShapeRef added)
    {
        added = new ShapeRef(ShapeKind.Ground, DraftList.NewKey(Ground));
        return Put(new GroundDraft(added.Key, Inside(image), east, north));
    }

    public CameraDraft Put(MaskDraft mask) => this with { Masks = DraftList.Put(Masks, mask) };

    public CameraDraft Put(GateDraft gate) => this with { Gates = DraftList.Put(Gates, gate) };

    public CameraDraft Put(GroundDraft point) => this with { Ground = DraftList.Put(Ground, point) };

    public bool Equals(CameraDraft? other) =>
        other is not null && Id == other.Id && Masks.SequenceEqual(other.Masks) && Gates.SequenceEqual(other.Gates) && Ground.SequenceEqual(other.Ground);

    public override int GetHashCode() => HashCode.Combine(Id, Masks.Length, Gates.Length, Ground.Length);

    // What no number is, as of a picture without a size, stays at the border.
    private static double Inside(double share) => double.IsNaN(share) ? 0 : Math.Round(Math.Clamp(share, 0, 1) * FinestStep) / FinestStep;
}
