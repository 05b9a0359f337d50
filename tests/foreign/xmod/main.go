// Xmod checks a log by golang.org/x/mod/sumdb, the code that the Go checksum database is
// checked with. Nothing of the tree or of the signatures is computed here: this program only
// finds the files and hands them over.
//
//	xmod export FOLDER VKEY    checkpoints, entry bundles and tiles of an export
//	xmod proof FILE VKEY       one .tlog-proof file, whose extra holds the entry
//
// It prints one JSON object; the exit status is 0 when there are no findings, 1 when there
// are, 2 when it was called wrongly.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// tileHeight is that of C2SP tlog-tiles: 256 hashes to a tile.
const tileHeight = 8

type report struct {
	OK          bool     `json:"ok"`
	Origin      string   `json:"origin"`
	Size        int64    `json:"size"`
	Root        string   `json:"root"`
	Index       *int64   `json:"index,omitempty"`
	Files       int      `json:"files"`
	Records     int      `json:"records"`
	Checkpoints int      `json:"checkpoints"`
	Findings    []string `json:"findings"`
}

func (r *report) find(format string, args ...interface{}) {
	r.Findings = append(r.Findings, fmt.Sprintf(format, args...))
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: xmod export FOLDER VKEY | xmod proof FILE VKEY")
		os.Exit(2)
	}
	r := &report{Findings: []string{}}
	verifier, err := note.NewVerifier(os.Args[3])
	if err == nil {
		switch os.Args[1] {
		case "export":
			err = checkExport(os.Args[2], os.Args[3], verifier, r)
		case "proof":
			err = checkProof(os.Args[2], verifier, r)
		default:
			fmt.Fprintln(os.Stderr, "xmod: neither export nor proof:", os.Args[1])
			os.Exit(2)
		}
	}
	if err != nil {
		r.find("%v", err)
	}
	r.OK = len(r.Findings) == 0
	json.NewEncoder(os.Stdout).Encode(r)
	if !r.OK {
		os.Exit(1)
	}
}

// openCheckpoint returns what the log has signed: origin, size and root on a line each.
func openCheckpoint(msg []byte, verifier note.Verifier) (tree tlog.Tree, err error) {
	opened, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return tree, fmt.Errorf("checkpoint: want 3 lines, got %d", len(lines)-1)
	}
	if lines[0] != verifier.Name() {
		return tree, fmt.Errorf("checkpoint: want origin %q, got %q", verifier.Name(), lines[0])
	}
	if tree.N, err = parseNumber(lines[1]); err != nil {
		return tree, err
	}
	tree.Hash, err = parseHash(lines[2])
	return tree, err
}

func parseNumber(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
		return 0, fmt.Errorf("not a decimal number: %q", text)
	}
	return n, nil
}

func parseHash(text string) (tlog.Hash, error) {
	hash, err := tlog.ParseHash(text)
	if err != nil || hash.String() != text {
		return hash, fmt.Errorf("not a hash in base64: %q", text)
	}
	return hash, nil
}

// An export is a folder as c2sp.org/tlog-tiles lays it out.
type export string

// path maps x/mod's tile path (tile/8/data/000) to that of C2SP (tile/entries/000).
func (e export) path(t tlog.Tile) string {
	path := "tile/" + strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	path = strings.Replace(path, "tile/data/", "tile/entries/", 1)
	return filepath.Join(string(e), filepath.FromSlash(path))
}

// parsePath is the inverse of path.
func parsePath(path string) (tlog.Tile, error) {
	path = strings.Replace(path, "tile/entries/", "tile/data/", 1)
	return tlog.ParseTilePath(fmt.Sprintf("tile/%d/", tileHeight) + strings.TrimPrefix(path, "tile/"))
}

// read returns the tile and how wide it is: the full one stands for a partial one.
func (e export) read(t tlog.Tile) ([]byte, int, error) {
	data, err := os.ReadFile(e.path(t))
	if errors.Is(err, fs.ErrNotExist) && t.W < 1<<tileHeight {
		t.W = 1 << tileHeight
		if full, err := os.ReadFile(e.path(t)); err == nil {
			return full, t.W, nil
		}
	}
	return data, t.W, err
}

// Height, ReadTiles and SaveTiles make the export a tlog.TileReader.
func (e export) Height() int { return tileHeight }

func (e export) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, t := range tiles {
		data, _, err := e.read(t)
		if err != nil {
			return nil, err
		}
		if len(data) < t.W*tlog.HashSize {
			return nil, fmt.Errorf("%s is too short: %d bytes", t.Path(), len(data))
		}
		all[i] = data[:t.W*tlog.HashSize]
	}
	return all, nil
}

func (e export) SaveTiles([]tlog.Tile, [][]byte) {}

// splitBundle returns the entries of a bundle: u16be length || entry, width times.
func splitBundle(data []byte, width int) ([][]byte, error) {
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, errors.New("half a length at the end")
		}
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			return nil, errors.New("half an entry at the end")
		}
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("want %d entries, got %d", width, len(entries))
	}
	return entries, nil
}

// A store holds all hashes of a tree in the order that x/mod stores them in.
type store []tlog.Hash

func (s store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(s)) {
			return nil, fmt.Errorf("the tree holds no hash %d", index)
		}
		hashes[i] = s[index]
	}
	return hashes, nil
}

// treeHash is tlog.TreeHash, whose older versions do not know the empty tree.
func (s store) treeHash(size int64) (tlog.Hash, error) {
	if size == 0 {
		return sha256.Sum256(nil), nil
	}
	return tlog.TreeHash(size, s)
}

// tiles returns the widest tiles of a level in a tree of so many records.
func tiles(level int, size int64) []tlog.Tile {
	shift := uint(tileHeight)
	count := size
	if level > 0 {
		count >>= shift * uint(level)
	}
	var all []tlog.Tile
	for n := int64(0); n < count>>shift; n++ {
		all = append(all, tlog.Tile{H: tileHeight, L: level, N: n, W: 1 << shift})
	}
	if width := int(count & (1<<shift - 1)); width > 0 {
		all = append(all, tlog.Tile{H: tileHeight, L: level, N: count >> shift, W: width})
	}
	return all
}

func checkExport(folder, vkey string, verifier note.Verifier, r *report) error {
	e := export(folder)
	r.Origin = verifier.Name()
	msg, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(msg, verifier)
	if err != nil {
		return err
	}
	r.Size, r.Root = tree.N, tree.Hash.String()
	published, err := os.ReadFile(filepath.Join(folder, "log.vkey"))
	if err != nil || string(bytes.TrimSuffix(published, []byte("\n"))) != vkey {
		r.find("log.vkey is not the key that was given")
	}

	stored, err := e.readEntries(tree.N)
	if err != nil {
		return err
	}
	root, err := stored.treeHash(tree.N)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		r.find("root of the entries: want %v, got %v", tree.Hash, root)
	}
	e.checkFiles(stored, tree.N, r)
	e.checkRecords(stored, tree, r)
	return e.checkCheckpoints(stored, tree, verifier, r)
}

// readEntries returns the hashes of the tree that the entry bundles make.
func (e export) readEntries(size int64) (store, error) {
	var stored store
	n := int64(0)
	for _, t := range tiles(-1, size) {
		data, width, err := e.read(t)
		if err != nil {
			return nil, err
		}
		entries, err := splitBundle(data, width)
		if err != nil {
			return nil, fmt.Errorf("%s: %v", t.Path(), err)
		}
		for _, entry := range entries[:t.W] {
			hashes, err := tlog.StoredHashesForRecordHash(n, tlog.RecordHash(entry), stored)
			if err != nil {
				return nil, err
			}
			stored = append(stored, hashes...)
			n++
		}
	}
	return stored, nil
}

// checkFiles compares every file below tile/ with the tree, and misses none that must be there.
func (e export) checkFiles(stored store, size int64, r *report) {
	root := filepath.Join(string(e), "tile")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(string(e), path)
		if err := checkFile(path, filepath.ToSlash(name), stored); err != nil {
			r.find("%s: %v", filepath.ToSlash(name), err)
		}
		r.Files++
		return nil
	})
	if err != nil && !(size == 0 && errors.Is(err, fs.ErrNotExist)) {
		r.find("%v", err)
	}
	for level := 0; size>>(tileHeight*uint(level)) > 0; level++ {
		for _, t := range tiles(level, size) {
			if _, _, err := e.read(t); err != nil {
				r.find("%v", err)
			}
		}
	}
}

func checkFile(path, name string, stored store) error {
	t, err := parsePath(name)
	if err != nil {
		return err
	}
	got, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	level := t.L
	if level < 0 {
		// A bundle holds the leaves of the hash tile of level 0 that has its number.
		entries, err := splitBundle(got, t.W)
		if err != nil {
			return err
		}
		got = nil
		for _, entry := range entries {
			hash := tlog.RecordHash(entry)
			got = append(got, hash[:]...)
		}
		t.L = 0
	}
	want, err := tlog.ReadTileData(t, stored)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return errors.New("is not what the entries make")
	}
	return nil
}

// checkRecords proves records by the tiles alone, as a client of the log does.
func (e export) checkRecords(stored store, tree tlog.Tree, r *report) {
	if tree.N == 0 {
		return
	}
	reader := tlog.TileHashReader(tree, e)
	step := tree.N/1000 + 1
	for n := int64(0); n < tree.N; n += step {
		r.checkRecord(stored, reader, tree, n)
	}
	r.checkRecord(stored, reader, tree, tree.N-1)
}

func (r *report) checkRecord(stored store, reader tlog.HashReader, tree tlog.Tree, n int64) {
	proof, err := tlog.ProveRecord(tree.N, n, reader)
	if err == nil {
		leaf := stored[tlog.StoredHashIndex(0, n)]
		err = tlog.CheckRecord(proof, tree.N, tree.Hash, n, leaf)
	}
	if err != nil {
		r.find("record %d: %v", n, err)
	}
	r.Records++
}

// checkCheckpoints proves that each earlier checkpoint is a prefix of the newest.
func (e export) checkCheckpoints(stored store, tree tlog.Tree, verifier note.Verifier, r *report) error {
	folder := filepath.Join(string(e), "checkpoints")
	files, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, file := range files {
		name := "checkpoints/" + file.Name()
		msg, err := os.ReadFile(filepath.Join(folder, file.Name()))
		if err != nil {
			return err
		}
		old, err := openCheckpoint(msg, verifier)
		if err == nil && strconv.FormatInt(old.N, 10) != file.Name() {
			err = fmt.Errorf("its size is %d", old.N)
		}
		if err == nil {
			err = checkConsistency(stored, tree, old)
		}
		if err != nil {
			r.find("%s: %v", name, err)
		}
		r.Checkpoints++
	}
	return nil
}

func checkConsistency(stored store, tree, old tlog.Tree) error {
	if old.N == 0 {
		// No proof leads from the empty tree to another: its root is known.
		if empty, _ := stored.treeHash(0); empty != old.Hash {
			return errors.New("not the root of the empty tree")
		}
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, old.N, stored)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
}

// checkProof follows c2sp.org/tlog-proof@v1; the entry is in the extra data.
func checkProof(file string, verifier note.Verifier, r *report) error {
	r.Origin = verifier.Name()
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	head, msg, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("not a tlog-proof with extra data")
	}
	if !strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return errors.New("want extra on line 2 and index on line 3")
	}
	leaf, err := leafOf(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	index, err := parseNumber(strings.TrimPrefix(lines[2], "index "))
	if err != nil {
		return err
	}
	r.Index = &index
	var path tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := parseHash(line)
		if err != nil {
			return err
		}
		path = append(path, hash)
	}
	tree, err := openCheckpoint([]byte(msg), verifier)
	if err != nil {
		return err
	}
	r.Size, r.Root, r.Records = tree.N, tree.Hash.String(), 1
	return tlog.CheckRecord(path, tree.N, tree.Hash, index, leaf)
}

// leafOf returns the hash of the entry in the extra data of a proof.
func leafOf(extra string) (leaf tlog.Hash, err error) {
	text, err := base64.StdEncoding.Strict().DecodeString(extra)
	if err != nil {
		return leaf, err
	}
	var content struct {
		Entry *string `json:"entry"`
	}
	if err := json.Unmarshal(text, &content); err != nil {
		return leaf, err
	}
	if content.Entry == nil {
		return leaf, errors.New("the extra data hold no entry")
	}
	return tlog.RecordHash([]byte(*content.Entry)), nil
}
