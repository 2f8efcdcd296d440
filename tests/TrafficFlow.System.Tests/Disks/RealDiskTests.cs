using System.Globalization;
using TrafficFlow.SystemTests.Faults;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.Vault.Disks;
using Xunit;

namespace TrafficFlow.SystemTests.Disks;

/// <summary>What this machine's own kernel tells, where disks may be made here.</summary>
public sealed class RealDiskTests
{
    [Fact]
    public void The_folder_of_the_tests_lies_somewhere()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");

        var verdict = new DiskSurvey().Look(Path.GetTempPath());

        Assert.NotEmpty(verdict.FileSystem);
        Assert.Equal(verdict.FileSystem is "overlay" or "zfs", verdict.Protection == DiskProtection.Unknown && verdict.Medium == DiskMedium.Unknown);
    }

    [Fact]
    public async Task A_file_system_in_memory_is_on_no_disk_unless_it_may_be_swapped()
    {
        var folder = Directory.CreateTempSubdirectory("trafficflow-disk-").FullName;
        try
        {
            await using var disk = await LabSkips.OrSkipAsync(SmallDisk.MountAsync(folder, "1m"));

            var verdict = new DiskSurvey().Look(Path.Combine(folder, "data"));

            Assert.Equal("tmpfs", verdict.FileSystem);
            Assert.Equal(verdict.OpenSwap.Count == 0, verdict.Protection == DiskProtection.NoDisk);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [Fact]
    public async Task A_loop_device_is_as_open_as_the_disk_of_its_file()
    {
        await using var image = await LabSkips.OrSkipAsync(MountedImage.MakeAsync(isEncrypted: false));

        var verdict = new DiskSurvey().Look(image.Folder);

        Assert.Equal("ext4", verdict.FileSystem);
        Assert.Contains($"is a loop device over {image.File}", string.Join("; ", verdict.FoundFrom));
        Assert.Equal(new DiskSurvey().Look(Path.GetDirectoryName(image.File)!).Protection, verdict.Protection);
    }

    [Fact]
    public async Task LUKS_over_a_loop_device_is_encrypted()
    {
        await using var image = await LabSkips.OrSkipAsync(MountedImage.MakeAsync(isEncrypted: true));

        var verdict = new DiskSurvey().Look(image.Folder);

        Assert.Equal(DiskProtection.Encrypted, verdict.Protection);
        Assert.Contains("is dm-crypt (LUKS2)", string.Join("; ", verdict.FoundFrom));
    }

    /// <summary>A file with ext4 in it, mounted, with LUKS in between or without.</summary>
    private sealed class MountedImage : IAsyncDisposable
    {
        private readonly string _place = Directory.CreateTempSubdirectory("trafficflow-image-").FullName;
        private readonly string _mapping = string.Create(CultureInfo.InvariantCulture, $"trafficflow-{Guid.NewGuid():n}");
        private string? _loop;
        private bool _isOpen;
        private bool _isMounted;

        public string Folder => Path.Combine(_place, "mount");

        public string File => Path.Combine(_place, "disk.img");

        /// <exception cref="LabUnavailableException">No loop device, no dm-crypt or no cryptsetup here.</exception>
        public static async Task<MountedImage> MakeAsync(bool isEncrypted)
        {
            var image = new MountedImage();
            try
            {
                await image.MakeItAsync(isEncrypted);
                return image;
            }
            catch (LabUnavailableException)
            {
                await image.DisposeAsync();
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_isMounted) await Shell.TryAsync("umount", Folder);
            if (_isOpen) await Shell.TryAsync("cryptsetup", "close", _mapping);
            if (_loop is not null) await Shell.TryAsync("losetup", "--detach", _loop);
            Directory.Delete(_place, recursive: true);
        }

        private async Task MakeItAsync(bool isEncrypted)
        {
            Directory.CreateDirectory(Folder);
            await Shell.RunAsync("truncate", "--size=48M", File);
            _loop = (await Shell.RunAsync("losetup", "--find", "--show", File)).Trim();
            var device = _loop;
            if (isEncrypted)
            {
                var key = Path.Combine(_place, "key");
                await System.IO.File.WriteAllTextAsync(key, Guid.NewGuid().ToString());
                await Shell.RunAsync("cryptsetup", "luksFormat", "--batch-mode", "--type", "luks2", "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000", _loop, key);
                await Shell.RunAsync("cryptsetup", "open", "--key-file", key, _loop, _mapping);
                _isOpen = true;
                device = $"/dev/mapper/{_mapping}";
            }

            await Shell.RunAsync("mkfs.ext4", "-q", device);
            await Shell.RunAsync("mount", device, Folder);
            _isMounted = true;
        }
    }
}
