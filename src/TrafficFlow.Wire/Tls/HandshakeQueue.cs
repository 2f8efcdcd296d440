using System.Net;

namespace TrafficFlow.Wire.Tls;

/// <summary>
/// Who has dialled and is not authenticated yet. There are only so many, in all and of one address; one more takes the place of another, so
/// that accepting never waits: of the same address if that has its share, and the silent before those that have begun to speak. Thread-safe.
/// </summary>
/// <param name="most">At a time, in all.</param>
/// <param name="mostOfOneAddress">At a time, of one address: nodes behind one router share it.</param>
public sealed class HandshakeQueue(int most, int mostOfOneAddress)
{
    private readonly Lock _gate = new();

    // The oldest first.
    private readonly LinkedList<Place> _places = [];

    public int Count
    {
        get
        {
            lock (_gate) return _places.Count;
        }
    }

    /// <param name="leave">Ends the handshake of this one when another needs its place.</param>
    public Place Enter(IPAddress from, Action leave)
    {
        Place? other = null;
        var place = new Place(this, from, leave);
        lock (_gate)
        {
            if (_places.Count(p => p.From.Equals(from)) >= mostOfOneAddress) other = Oldest(p => p.From.Equals(from));
            else if (_places.Count >= most) other = Oldest(_ => true);
            if (other is not null) _places.Remove(other);
            _places.AddLast(place);
        }

        other?.Leave();
        return place;
    }

    private Place? Oldest(Func<Place, bool> among) => _places.FirstOrDefault(p => among(p) && !p.HasSpoken) ?? _places.FirstOrDefault(among);

    /// <summary>One that is being authenticated; given back when that is over.</summary>
    public sealed class Place(HandshakeQueue queue, IPAddress from, Action leave) : IDisposable
    {
        private volatile bool _hasSpoken;

        public IPAddress From { get; } = from;

        public bool HasSpoken => _hasSpoken;

        /// <summary>Its first bytes are there.</summary>
        public void Spoke() => _hasSpoken = true;

        public void Dispose()
        {
            lock (queue._gate) queue._places.Remove(this);
        }

        internal void Leave() => leave();
    }
}
