using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Privacy;

namespace TrafficFlow.Vision.Privacy;

/// <summary>
/// Where vehicles and persons were seen in more than one sample of a picture. Two make a place: who stands there for all of the look may be
/// missed nearly always, and where two drove by there is nothing but road.
/// </summary>
internal sealed class StandingPlaces
{
    private const float SamePlace = 0.7f;
    private const int FewestObservations = 2;

    // In a mean of few samples each one can be seen.
    private const double ShareOfSamples = 0.05;

    private readonly List<Place> _places = [];

    public IReadOnlyCollection<PrivateArea> Of(int samples) =>
        [.. _places.Where(p => p.Observations >= Math.Min(FewestObservations, ShareOfSamples * samples)).Select(p => p.Whole)];

    public void Add(in PrivateArea area, int sample)
    {
        var (kind, box) = (area.Kind, area.Box);
        var place = _places.Find(p => p.Whole.Kind == kind && p.First.IntersectionOverUnion(box) >= SamePlace);
        if (place is null) _places.Add(place = new Place(area));
        place.See(area, sample);
    }

    private sealed class Place(PrivateArea first)
    {
        private int _last = -1;

        public Box First { get; } = first.Box;

        /// <summary>All that was seen there.</summary>
        public PrivateArea Whole { get; private set; } = first;

        /// <summary>In how many samples.</summary>
        public int Observations { get; private set; }

        public void See(in PrivateArea area, int sample)
        {
            var (a, b) = (Whole.Box, area.Box);
            Whole = Whole with
            {
                Box = Box.FromCorners(MathF.Min(a.X, b.X), MathF.Min(a.Y, b.Y), MathF.Max(a.Right, b.Right), MathF.Max(a.Bottom, b.Bottom)),
                Width = MathF.Max(Whole.Width, area.Width),
            };
            if (sample != _last) Observations++;
            _last = sample;
        }
    }
}
