using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Vision.Annotation;

/// <param name="Box">All that was seen there, pixels.</param>
/// <param name="IsVehicle">Else a person, or somebody on a cycle.</param>
internal readonly record struct StandingPlace(Box Box, bool IsVehicle);

/// <summary>
/// Where vehicles and persons were seen again and again over many samples of a picture. A detector that learns the background sees what has
/// stopped for seconds only, though it may stand there for the rest of the look: so few sights make a place.
/// </summary>
internal sealed class StandingPlaces
{
    private const float SamePlace = 0.7f;
    private const int MostSights = 4;
    private const double ShareOfSamples = 0.05;

    private readonly List<Place> _places = [];

    public void Add(Box box, bool isVehicle, int sample)
    {
        var place = _places.Find(p => p.IsVehicle == isVehicle && p.First.IntersectionOverUnion(box) >= SamePlace);
        if (place is null) _places.Add(place = new Place(box, isVehicle));
        place.See(box, sample);
    }

    public IEnumerable<StandingPlace> Of(int samples) =>
        _places.Where(p => p.Sights >= Math.Min(MostSights, ShareOfSamples * samples)).Select(p => new StandingPlace(p.Whole, p.IsVehicle));

    private sealed class Place(Box first, bool isVehicle)
    {
        private int _last = -1;

        public Box First { get; } = first;

        public bool IsVehicle { get; } = isVehicle;

        public Box Whole { get; private set; } = first;

        /// <summary>In how many samples.</summary>
        public int Sights { get; private set; }

        public void See(Box box, int sample)
        {
            Whole = Box.FromCorners(
                MathF.Min(Whole.X, box.X), MathF.Min(Whole.Y, box.Y), MathF.Max(Whole.Right, box.Right), MathF.Max(Whole.Bottom, box.Bottom));
            if (sample != _last) Sights++;
            _last = sample;
        }
    }
}
