using TrafficFlow.Core.Geometry;
using TrafficFlow.Synthetic.Vehicles;

namespace TrafficFlow.Synthetic.Truth;

/// <summary>
/// Finds what is seen of each object by painting it twice: alone, and together with all others and the scenery. No guess by boxes.
/// </summary>
internal sealed class ObjectFinder
{
    private readonly Canvas _alone;
    private readonly Canvas _together;
    private readonly SilhouettePainter _alonePainter;
    private readonly SilhouettePainter _togetherPainter;
    private readonly List<(string Class, long Id, Silhouette Whole)> _objects = [];

    public ObjectFinder(int width, int height, float[] backgroundDepths)
    {
        (_alone, _together) = (new Canvas(width, height, new float[4 * width * height]), new Canvas(width, height, backgroundDepths));
        (_alonePainter, _togetherPainter) = (new SilhouettePainter(_alone), new SilhouettePainter(_together));
    }

    /// <summary>The canvas for whose size objects must be placed.</summary>
    public Canvas Canvas => _together;

    public void Add(string className, long id, Mesh mesh, in Placement placement)
    {
        Span<Silhouette> whole = [Silhouette.None, Silhouette.None];
        _alonePainter.Paint(mesh, placement, 1);
        _alone.Gather(whole);
        if (whole[1].Samples == 0) return;
        _objects.Add((className, id, whole[1]));
        _togetherPainter.Paint(mesh, placement, _objects.Count);
    }

    /// <summary>All that were added since the last time, nearest or not, in that order.</summary>
    public IReadOnlyList<TrueObject> Take()
    {
        var seen = new Silhouette[_objects.Count + 1];
        Array.Fill(seen, Silhouette.None);
        _together.Gather(seen);
        var found = new TrueObject[_objects.Count];
        for (var i = 0; i < found.Length; i++)
        {
            var (name, id, whole) = _objects[i];
            var box = Box.FromCorners(whole.Left / 2f, whole.Top / 2f, (whole.Right + 1) / 2f, (whole.Bottom + 1) / 2f);
            found[i] = new TrueObject(name, id, box, (double)seen[i + 1].Samples / whole.Samples);
        }

        _objects.Clear();
        return found;
    }
}
