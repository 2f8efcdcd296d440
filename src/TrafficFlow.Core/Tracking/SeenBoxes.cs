namespace TrafficFlow.Core.Tracking;

/// <summary>The latest boxes of a track, oldest first; the oldest gives way.</summary>
internal sealed class SeenBoxes(int capacity)
{
    private SeenBox[] _boxes = new SeenBox[Math.Min(capacity, 16)];
    private int _first;

    public int Count { get; private set; }

    public ref readonly SeenBox this[int index] => ref _boxes[(_first + index) % _boxes.Length];

    public void Add(in SeenBox box)
    {
        if (Count == _boxes.Length && Count < capacity) Grow();
        if (Count < _boxes.Length)
        {
            _boxes[(_first + Count++) % _boxes.Length] = box;
            return;
        }

        _boxes[_first] = box;
        _first = (_first + 1) % _boxes.Length;
    }

    private void Grow()
    {
        var larger = new SeenBox[Math.Min(capacity, 2 * _boxes.Length)];
        for (var i = 0; i < Count; i++) larger[i] = this[i];
        (_boxes, _first) = (larger, 0);
    }
}
