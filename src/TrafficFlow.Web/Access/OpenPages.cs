namespace TrafficFlow.Web.Access;

/// <summary>Pages that are open, by account: nobody takes all of them. Thread-safe.</summary>
internal sealed class OpenPages(int mostOfAccount = OpenPages.MostOfAccount)
{
    public const int MostOfAccount = 40;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <returns>Null where the account has too many open; else to be disposed of when the page is closed.</returns>
    public IDisposable? TryOpen(string account)
    {
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(account);
            if (open >= mostOfAccount) return null;
            _open[account] = open + 1;
            return new Page(this, account);
        }
    }

    private void Close(string account)
    {
        lock (_gate)
        {
            if (--_open[account] == 0) _open.Remove(account);
        }
    }

    private sealed class Page(OpenPages pages, string account) : IDisposable
    {
        public void Dispose() => pages.Close(account);
    }
}
