using System.Runtime.InteropServices;
using CsCheck;

namespace ModelCompiler.Data.Tests;

/// <summary>Scenes are the same everywhere, lie on the canvas, and their classes are balanced.</summary>
public sealed class ShapesWorldTests
{
    private static readonly Gen<Scene> s_scene = Gen.Select(Gen.ULong, Gen.Int[1, 3], Gen.Long[0, long.MaxValue])
        .Select((seed, objects, index) => new ShapesWorld(16, seed, objects)[index]);

    [Fact]
    public void A_scene_is_the_same_on_every_machine()
    {
        var scene = new ShapesWorld(32, seed: 1)[5];
        Assert.Equal("a large purple star in the middle and a small orange circle at the top right", scene.Caption);
        Assert.Equal(2477785603787020035UL, Checksum(scene, 32));
        Assert.Equal(14726587652378350099UL, Checksum(new ShapesWorld(100, seed: 1)[5], 100));
    }

    [Fact]
    public void A_scene_depends_on_seed_and_index_alone()
    {
        var world = new ShapesWorld(16, seed: 8);
        var later = Checksum(world[1_000_000_000_000], 16);
        _ = Checksum(world[0], 16);
        Assert.Equal(later, Checksum(new ShapesWorld(16, seed: 8)[1_000_000_000_000], 16));
        Assert.Distinct(Enumerable.Range(0, 100).Select(i => Checksum(world[i], 16)));
        Assert.NotEqual(Checksum(world[0], 16), Checksum(new ShapesWorld(16, seed: 9)[0], 16));
        Assert.Equal(world[3].Objects, new ShapesWorld(200, seed: 8)[3].Objects);
        Assert.Equal(world[3].Caption, new ShapesWorld(200, seed: 8)[3].Caption);
    }

    [Fact]
    public void Objects_lie_on_the_canvas_apart_from_each_other() => s_scene.Sample(scene =>
    {
        for (var i = 0; i < scene.Objects.Count; i++)
        {
            var item = scene.Objects[i];
            Assert.InRange(item.Radius, item.Large ? 660 : 380, item.Large ? 1200 : 600);
            Assert.InRange(item.X, item.Radius, Scene.Canvas - item.Radius);
            Assert.InRange(item.Y, item.Radius, Scene.Canvas - item.Radius);
            Assert.All(scene.Objects.Take(i), other => Assert.True(
                Math.Max(Math.Abs(item.X - other.X), Math.Abs(item.Y - other.Y)) > item.Radius + other.Radius));
        }
    });

    [Fact]
    public void Outlines_fill_their_radius_and_no_more()
    {
        foreach (var shape in Enum.GetValues<Shape>())
        {
            var item = new SceneObject(shape, ShapeColour.Red, true, 2000, 2100, 500);
            var points = (from x in Enumerable.Range(150, 250) from y in Enumerable.Range(150, 250) where item.Contains(10 * x, 10 * y) select (10 * x, 10 * y)).ToList();
            Assert.Contains((2000, 2100), points);
            Assert.All(points, point => Assert.True(Math.Max(Math.Abs(point.Item1 - 2000), Math.Abs(point.Item2 - 2100)) <= 500));
            Assert.InRange(points.Count / 10_000.0, 0.25, 0.8);
            Assert.All(points, point => Assert.True(item.Contains(4000 - point.Item1, point.Item2)));
        }
    }

    [Fact]
    public void Pixels_show_the_objects_colour_where_it_is()
    {
        var world = new ShapesWorld(64, seed: 3, objects: 1, ShapesWorldClasses.Colour);
        var pixels = new float[world.PictureLength];
        for (var i = 0; i < 50; i++)
        {
            var scene = world[i];
            scene.Render(pixels);
            Assert.All(pixels, value => Assert.InRange(value, -1f, 1f));
            var item = scene.Objects[0];
            var at = (item.Y * 64 / Scene.Canvas * 64) + (item.X * 64 / Scene.Canvas);
            var (red, green, blue) = item.Colour.Rgb();
            Assert.Equal((red / 127.5f) - 1, pixels[at], 0.13f);
            Assert.Equal((green / 127.5f) - 1, pixels[4096 + at], 0.13f);
            Assert.Equal((blue / 127.5f) - 1, pixels[8192 + at], 0.13f);
            Assert.InRange(pixels[0], -1f, 0f);
        }
    }

    [Theory, InlineData(ShapesWorldClasses.Shape, 6), InlineData(ShapesWorldClasses.Colour, 8), InlineData(ShapesWorldClasses.ShapeAndColour, 48)]
    public void Classes_are_balanced_and_named(ShapesWorldClasses classes, int count)
    {
        var world = new ShapesWorld(16, seed: 2, objects: 1, classes);
        Assert.Equal(count, world.Classes.Count);
        var seen = new int[count];
        for (var i = 0; i < 600 * count; i++)
        {
            var scene = world[i];
            seen[scene.Class]++;
            Assert.Single(scene.Objects);
            Assert.Contains(world.Classes[scene.Class], scene.Caption);
        }

        Assert.All(seen, number => Assert.InRange(number, 500, 700));
    }

    [Fact]
    public void Parts_share_no_scene_and_leave_none_out() => Gen.Long[0, long.MaxValue / 8 - 1].Sample(position =>
    {
        var (train, heldOut) = (ShapesWorld.IndexOf(Split.Train, position), ShapesWorld.IndexOf(Split.HeldOut, position));
        Assert.Equal(Split.Train, ShapesWorld.SplitOf(train));
        Assert.Equal(Split.HeldOut, ShapesWorld.SplitOf(heldOut));
        var all = Enumerable.Range(0, 70).Select(i => ShapesWorld.IndexOf(Split.Train, i)).Concat(Enumerable.Range(0, 10).Select(i => ShapesWorld.IndexOf(Split.HeldOut, i)));
        Assert.Equal(Enumerable.Range(0, 80).Select(i => (long)i), all.Order());
    }, iter: 100);

    [Fact]
    public void Bad_arguments_are_named_with_what_is_legal()
    {
        Assert.Contains("16..256", Assert.Throws<ArgumentOutOfRangeException>(() => new ShapesWorld(8)).Message);
        Assert.Contains("1..3", Assert.Throws<ArgumentOutOfRangeException>(() => new ShapesWorld(objects: 4)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShapesWorld(classes: (ShapesWorldClasses)7));
        var world = new ShapesWorld();
        Assert.Throws<ArgumentOutOfRangeException>(() => world[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => world.Draw(Split.Train, long.MaxValue));
        Assert.Contains("3 x 32 x 32 = 3072", Assert.Throws<ArgumentException>(() => world[0].Render(new float[10])).Message);
    }

    /// <summary>FNV-1a over the bits of the picture.</summary>
    private static ulong Checksum(Scene scene, int size)
    {
        var pixels = new float[3 * size * size];
        scene.Render(pixels);
        var hash = 14695981039346656037UL;
        foreach (var word in MemoryMarshal.Cast<float, uint>(pixels))
            hash = (hash ^ word) * 1099511628211UL;
        return hash;
    }
}
