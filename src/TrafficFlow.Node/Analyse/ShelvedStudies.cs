using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Analysis;

namespace TrafficFlow.Node.Analyse;

/// <summary>The studies of this server for its pages: the files on its shelf.</summary>
internal sealed class ShelvedStudies(StudyShelf shelf) : IStudyShelf
{
    public Task<IReadOnlyList<ListedStudy>> ListAsync(SiteId site, CancellationToken cancellation) => Task.Run<IReadOnlyList<ListedStudy>>(
        () => [.. shelf.List(site).OrderByDescending(k => k.WrittenAt).Select(k => new ListedStudy(IdOf(k.Name), k.Name.Span, k.WrittenAt))], cancellation);

    public Task<JunctionStudy?> ReadAsync(SiteId site, string id, CancellationToken cancellation) => Task.Run(
        () =>
        {
            try
            {
                return StudyName.Parse(site, id + StudyName.Ending) is { } name ? shelf.Read(name) : null;
            }
            catch (StudyFileException e)
            {
                throw new InvalidDataException(e.Message, e);
            }
        },
        cancellation);

    public async Task<Stream?> OpenAsync(SiteId site, string id, CancellationToken cancellation) =>
        // As it would be written now: what is no whole study does not leave.
        await ReadAsync(site, id, cancellation) is { } study ? new MemoryStream(StudyFile.ToBytes(study), writable: false) : null;

    private static string IdOf(StudyName name) => name.File[..^StudyName.Ending.Length];
}
