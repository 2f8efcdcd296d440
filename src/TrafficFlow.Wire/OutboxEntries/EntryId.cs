using System.Globalization;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Wire.OutboxEntries;

/// <summary>
/// Names one counted vehicle or journey to people: CAMERA/EPOCH/SEQUENCE, as of cam-north/1764412345/17. The same as its idempotency key; of a counted
/// video the epoch is 1 and the sequence its row in crossings.csv.
/// </summary>
public readonly record struct EntryId(CameraId Camera, LogPosition Position)
{
    public const string Form = "CAMERA/EPOCH/SEQUENCE, as of cam1/1764412345/17";

    public static bool TryParse(string text, out EntryId id)
    {
        id = default;
        if (text.Split('/') is not [var camera, var epoch, var sequence] || !NameRule.IsKnown(camera)) return false;
        if (!long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var e) || !long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var s)) return false;
        if (e == 0 || s == 0) return false;
        id = new EntryId(new CameraId(camera), new LogPosition(e, s));
        return true;
    }

    public override string ToString() => $"{Camera}/{Position}";
}
