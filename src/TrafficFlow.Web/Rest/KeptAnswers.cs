using Microsoft.Extensions.Caching.Memory;

namespace TrafficFlow.Web.Rest;

/// <summary>Pages that were written, by their ETag, as long as nobody could have got another one: what many ask for is read and written once. Thread-safe.</summary>
internal sealed class KeptAnswers : IDisposable
{
    private const long MostBytes = 32 * 1024 * 1024;
    private const long LargestPage = 4 * 1024 * 1024;

    private static readonly TimeSpan UnaskedFor = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _pages = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    /// <returns>Null where it is to be written.</returns>
    public byte[]? Find(string tag) => _pages.Get<byte[]>(tag);

    public void Keep(string tag, byte[] page)
    {
        if (page.Length <= LargestPage) _pages.Set(tag, page, new MemoryCacheEntryOptions { Size = page.Length, SlidingExpiration = UnaskedFor });
    }

    public void Dispose() => _pages.Dispose();
}
