using TrafficFlow.Core.Files;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>
/// A file that is replaced, and put back if need be. Both are on the disk before anything is changed, so that no full disk keeps the former one away; and neither replaces what
/// somebody wrote by hand meanwhile.
/// </summary>
internal sealed class SiteFileSwap : IDisposable
{
    private readonly string _place;
    private readonly byte[] _before;
    private readonly byte[] _after;
    private readonly FileDraft _next;
    private readonly FileDraft _former;

    /// <exception cref="IOException">It cannot be written; the file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public SiteFileSwap(string place, byte[] before, byte[] after)
    {
        (_place, _before, _after) = (place, before, after);
        _former = Written(place, before);
        try
        {
            _next = Written(place, after);
        }
        catch
        {
            _former.Dispose();
            throw;
        }
    }

    /// <returns>False where the file is not as it was any more: it was left.</returns>
    public bool Replace() => MoveOver(_before, _next);

    /// <returns>False where the file is not the new one any more: it was left.</returns>
    public bool PutBack() => MoveOver(_after, _former);

    public void Dispose()
    {
        _next.Dispose();
        _former.Dispose();
    }

    private bool MoveOver(byte[] expected, FileDraft draft)
    {
        if (!File.ReadAllBytes(_place).AsSpan().SequenceEqual(expected)) return false;
        draft.Move();
        return true;
    }

    private static FileDraft Written(string place, byte[] bytes)
    {
        var draft = FileDraft.Of(place);
        try
        {
            using (var stream = draft.Open())
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            draft.KeepMode();
            return draft;
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }
}
